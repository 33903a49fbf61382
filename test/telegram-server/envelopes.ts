import type { PushKind } from './pusher'
import type { Trouble } from './rpc/trouble'
import type { TlObject } from './tl/codec'
import { Mentioned } from './world/mentioned'
import type { Account, ChangeDelivery, Delivery, StoredMessage } from './world/model'
import { bareId, isChannel } from './world/peers'
import { renderNewMessage } from './world/rendering'
import type { World } from './world/world'

export interface EnvelopeOptions {
  /** Counts the envelope, if it is `updates`: a client that misses one of these sees it from the next one's number. */
  withSeq?: boolean
}

/** Puts what happened into the objects that Telegram pushes. */
export class Envelopes {
  constructor(
    private readonly world: World,
    private readonly trouble: Trouble,
  ) {}

  of(delivery: Delivery | ChangeDelivery, kind: Exclude<PushKind, 'none'>, options: EnvelopeOptions): TlObject {
    const chat = chatOf(delivery)
    switch (kind) {
      case 'updates':
        return this.together(delivery.account, [delivery], options)
      case 'strange':
        return amongUnknown(this.together(delivery.account, [delivery], options))
      case 'channelTooLong':
        return isChannel(chat) ? this.channelTooLong(chat) : { _: 'updatesTooLong' }
      case 'tooLong':
        return { _: 'updatesTooLong' }
      case 'short':
        return shortMessage(delivery) ?? this.updateShort(delivery)
      case 'updateShort':
        return this.updateShort(delivery)
      default:
        return kind satisfies never
    }
  }

  together(
    account: Account,
    deliveries: (Delivery | ChangeDelivery)[],
    { withSeq = false }: EnvelopeOptions = {},
  ): TlObject {
    const mentioned = new Mentioned(this.world, account)
    for (const delivery of deliveries) {
      if ('change' in delivery) mentioned.addChange(delivery.change)
      else mentioned.addMessage(delivery.message)
    }
    const peers = mentioned.render({ min: this.trouble.hasMinPeers })
    const seq = withSeq ? ++account.seq : 0
    return this.fitted({ _: 'updates', updates: deliveries.map(updateOf), ...peers, date: this.world.now(), seq })
  }

  /** An `updates` without its users and chats, when these are to be missing. */
  fitted(envelope: TlObject): TlObject {
    return this.trouble.omitsPeers && envelope._ === 'updates' ? { ...envelope, users: [], chats: [] } : envelope
  }

  private updateShort(delivery: Delivery | ChangeDelivery): TlObject {
    const date = 'change' in delivery ? this.world.now() : delivery.message.date
    return { _: 'updateShort', update: updateOf(delivery), date }
  }

  private channelTooLong(chat: number): TlObject {
    const { pts } = this.world.channelOf(chat).box
    const update = { _: 'updateChannelTooLong', channel_id: bareId(chat), pts }
    return { _: 'updateShort', update, date: this.world.now() }
  }
}

const UNKNOWN: TlObject = { _: 'unknown', id: 0x7eadbee2, bytes: Buffer.from('0102030405060708', 'hex') }

function amongUnknown({ updates, users, chats, ...envelope }: TlObject): TlObject {
  const beside = (list: unknown) => [UNKNOWN, ...(list as TlObject[])]
  return { ...envelope, _: 'updates', updates: beside(updates), users: beside(users), chats: beside(chats) }
}

export function chatOf(delivery: Delivery | ChangeDelivery): number {
  return 'change' in delivery ? delivery.change.chat : delivery.message.chat
}

function updateOf(delivery: Delivery | ChangeDelivery): TlObject {
  const { account, pts, ptsCount } = delivery
  if ('change' in delivery) return delivery.change.render(account, pts, ptsCount)
  return renderNewMessage(delivery.message, account, pts, ptsCount)
}

function shortMessage(delivery: Delivery | ChangeDelivery): TlObject | undefined {
  if ('change' in delivery || isChannel(delivery.message.chat) || !fitsShort(delivery.message)) return undefined
  const { account, message } = delivery
  const own = message.from === account.user.id
  if (message.chat > 0) return { _: 'updateShortMessage', user_id: message.chat, ...shortParts(delivery, own) }
  const from = { from_id: message.from ?? 0, chat_id: -message.chat }
  return { _: 'updateShortChatMessage', ...from, ...shortParts(delivery, own) }
}

function fitsShort({ media, action, groupedId, fields }: StoredMessage): boolean {
  return !media && !action && !fields && groupedId === undefined
}

function shortParts({ account, message, pts, ptsCount }: Delivery, out: boolean) {
  return {
    out,
    mentioned: message.mentionedAccounts.includes(account.user.id),
    silent: message.isSilent,
    id: message.id,
    message: message.text,
    pts,
    pts_count: ptsCount,
    date: message.date,
    fwd_from: message.forward,
    reply_to: message.replyTo,
    entities: message.entities,
  }
}
