import type { AuthKey, AuthKeys } from './mtproto/auth-keys'
import type { Session } from './mtproto/session'
import type { Trouble } from './rpc/trouble'
import type { TlObject } from './tl/codec'
import type { Layers } from './tl/layers'
import { Mentioned } from './world/mentioned'
import type { Account, Delivery, StoredMessage } from './world/model'
import { isChannel } from './world/peers'
import { renderNewMessage } from './world/rendering'
import type { World } from './world/world'

/** `short` takes the shortest envelope that can carry the message, as Telegram does. */
export type PushKind = 'updates' | 'short' | 'updateShort' | 'tooLong' | 'none'

/** Puts updates into envelopes and sends them to the sessions of an account, through whatever trouble was asked for. */
export class Pusher {
  private held: (() => void)[] = []

  constructor(
    private readonly world: World,
    private readonly authKeys: AuthKeys,
    private readonly layers: Layers,
    private readonly trouble: Trouble,
  ) {}

  /** The session that sent a message gets it as a result, and not once more. */
  push(deliveries: Delivery[], kind: PushKind, sender?: Session): void {
    if (kind === 'none') return
    for (const delivery of deliveries) {
      if (this.trouble.silentChats.has(delivery.message.chat)) continue
      const { account } = delivery
      if (sender?.key.account === account.user.id) this.sendToOthers(account, this.envelope(delivery, kind), sender)
      else this.send(account, this.envelope(delivery, kind))
    }
  }

  /** Many messages for one account in one `updates` object. */
  pushTogether(account: Account, deliveries: Delivery[]): void {
    this.send(account, this.updates(account, deliveries))
  }

  send(account: Account, envelope: TlObject): void {
    if (this.trouble.pushesToLose > 0) {
      this.trouble.pushesToLose -= 1
      return
    }
    if (this.trouble.pushesToReverse > 0) return this.hold(() => this.deliver(account, envelope))
    this.deliver(account, envelope)
    if (this.trouble.pushesToRepeat === 0) return
    this.trouble.pushesToRepeat -= 1
    this.deliver(account, envelope)
  }

  /** To all sessions of the account but one; losing and repeating is for what the outside sends. */
  sendToOthers(account: Account, envelope: TlObject, sender: Session): void {
    const others = this.sessionsOf(account).filter((session) => session !== sender)
    this.sendTo(others, envelope)
  }

  /** For what concerns a key and no account: that somebody has accepted its login token. */
  sendToKey(key: AuthKey, envelope: TlObject): void {
    this.sendTo(listeningSessions(key), envelope)
  }

  async drained(): Promise<void> {
    const sessions = [...this.world.accounts.values()].flatMap((account) => this.sessionsOf(account))
    await Promise.all(sessions.map((session) => session.connection?.drained()))
  }

  /** Updates come from the home of an account only. */
  sessionsOf({ user, homeDc }: Account): Session[] {
    const keys = this.authKeys.ofAccount(user.id).filter((key) => key.dc === homeDc && !this.trouble.isRevoked(key))
    return keys.flatMap(listeningSessions)
  }

  private hold(deliver: () => void): void {
    this.held.push(deliver)
    this.trouble.pushesToReverse -= 1
    if (this.trouble.pushesToReverse > 0) return
    const held = this.held.reverse()
    this.held = []
    for (const release of held) release()
  }

  private deliver(account: Account, envelope: TlObject): void {
    this.sendTo(this.sessionsOf(account), envelope)
  }

  private sendTo(sessions: Session[], envelope: TlObject): void {
    const encoded = new Map<number, Buffer>()
    for (const session of sessions) {
      const layer = session.key.layer ?? this.layers.newest
      const body = encoded.get(layer) ?? this.layers.get(layer).encode(envelope)
      encoded.set(layer, body)
      session.send(body, 'push')
    }
  }

  private envelope(delivery: Delivery, kind: Exclude<PushKind, 'none'>): TlObject {
    const { account, message, pts, ptsCount } = delivery
    if (kind === 'tooLong') return { _: 'updatesTooLong' }
    if (kind === 'updates') return this.updates(account, [delivery])
    const short = kind === 'short' ? shortMessage(delivery) : undefined
    if (short) return short
    return { _: 'updateShort', update: renderNewMessage(message, account, pts, ptsCount), date: message.date }
  }

  private updates(account: Account, deliveries: Delivery[]): TlObject {
    const mentioned = new Mentioned(this.world, account)
    const updates = deliveries.map(({ message, pts, ptsCount }) => {
      mentioned.addMessage(message)
      return renderNewMessage(message, account, pts, ptsCount)
    })
    return { _: 'updates', updates, ...mentioned.render(), date: this.world.now(), seq: 0 }
  }
}

function listeningSessions(key: AuthKey): Session[] {
  return [...key.sessions.values()].filter(({ receivesPushes }) => receivesPushes)
}

function shortMessage(delivery: Delivery): TlObject | undefined {
  const { account, message } = delivery
  if (isChannel(message.chat) || !fitsShort(message)) return undefined
  const own = message.from === account.user.id
  if (message.chat > 0) return { _: 'updateShortMessage', user_id: message.chat, ...shortParts(delivery, own) }
  const from = { from_id: message.from ?? 0, chat_id: -message.chat }
  return { _: 'updateShortChatMessage', ...from, ...shortParts(delivery, own) }
}

function fitsShort({ media, action, groupedId }: StoredMessage): boolean {
  return !media && !action && groupedId === undefined
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
