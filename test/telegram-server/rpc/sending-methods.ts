import type { BotScripts } from '../bot-scripts'
import type { Session } from '../mtproto/session'
import type { Pusher } from '../pusher'
import type { TlObject } from '../tl/codec'
import { Mentioned } from '../world/mentioned'
import type { Account, Delivery, MessageOptions } from '../world/model'
import { renderNewMessage } from '../world/rendering'
import type { World } from '../world/world'
import type { Method } from './dispatcher'
import { readPeer, readUser } from './peer-input'
import { RpcError } from './rpc-error'

const MAX_TEXT_LENGTH = 4096

/** Takes messages from clients: stores them, tells everybody else, and answers as Telegram does for the kind of chat. */
export class Sending {
  private readonly usedRandomIds = new Set<string>()
  /** Unix seconds by account and chat. */
  private readonly lastSent = new Map<string, number>()

  constructor(
    private readonly world: World,
    private readonly pusher: Pusher,
    private readonly bots: BotScripts,
  ) {}

  readonly methods: Record<string, Method> = {
    'messages.sendMessage': (query, { account, session }) => {
      const chat = readPeer(this.world, account, query['peer'] as TlObject)
      checkText(query['message'] as string)
      if (chat < 0) this.checkRules(account, chat)
      this.takeRandomId(account, query['random_id'] as bigint)
      const delivery = this.deliver(account, session, this.optionsOf(account, chat, query), query)
      this.lastSent.set(`${account.user.id} ${chat}`, this.world.now())
      this.bots.hear(chat, account, delivery.message.text)
      return chat > 0 ? shortSent(delivery) : this.sentUpdates(delivery, query['random_id'] as bigint)
    },
  }

  private checkRules(account: Account, marked: number): void {
    const chat = this.world.chatOf(marked)
    const { id } = account.user
    if (chat.admins.has(id)) return
    const isOpen = chat.members.has(id) && chat.isWritable && chat.kind !== 'channel'
    if (!isOpen) throw new RpcError(403, 'CHAT_WRITE_FORBIDDEN')
    const last = this.lastSent.get(`${id} ${marked}`)
    const left = last === undefined ? 0 : last + chat.slowmodeSeconds - this.world.now()
    if (left > 0) throw new RpcError(420, `SLOWMODE_WAIT_${left}`)
  }

  private takeRandomId(account: Account, randomId: bigint): void {
    const name = `${account.user.id} ${randomId}`
    if (this.usedRandomIds.has(name)) throw new RpcError(500, 'RANDOM_ID_DUPLICATE')
    this.usedRandomIds.add(name)
  }

  private optionsOf(account: Account, chat: number, query: TlObject): MessageOptions {
    const replyTo = query['reply_to'] as TlObject | undefined
    const topic = replyTo?.['top_msg_id'] as number | undefined
    return {
      chat,
      account: account.user.id,
      from: account.user.id,
      text: query['message'] as string,
      isSilent: query['silent'] === true,
      ...(replyTo ? { replyTo: replyTo['reply_to_msg_id'] as number } : {}),
      ...(topic === undefined ? {} : { topic }),
    }
  }

  private deliver(account: Account, session: Session, options: MessageOptions, query: TlObject): Delivery {
    const deliveries = [...this.world.post(options), ...this.toOtherSide(account, options)]
    const entities = query['entities'] as TlObject[] | undefined
    if (entities)
      for (const { message } of deliveries) message.entities = entities.map((one) => this.entity(account, one))
    this.pusher.push(deliveries, 'updates', { sender: session })
    return deliveries.find((delivery) => delivery.account === account)!
  }

  /** A private chat of two accounts is in both their boxes, under each other's name. */
  private toOtherSide(account: Account, { replyTo: _replyTo, ...options }: MessageOptions): Delivery[] {
    const other = this.world.accounts.get(options.chat)
    if (!other || other === account) return []
    return this.world.post({ ...options, chat: account.user.id, account: other.user.id })
  }

  private entity(account: Account, entity: TlObject): TlObject {
    if (entity._ !== 'inputMessageEntityMentionName') return entity
    const user = readUser(this.world, account, entity['user_id'] as TlObject)
    return { ...entity, _: 'messageEntityMentionName', user_id: user.id }
  }

  private sentUpdates({ account, message, pts, ptsCount }: Delivery, randomId: bigint): TlObject {
    const updates = [
      { _: 'updateMessageID', id: message.id, random_id: randomId },
      renderNewMessage(message, account, pts, ptsCount),
    ]
    const mentioned = new Mentioned(this.world, account).addMessage(message)
    return { _: 'updates', updates, ...mentioned.render(), date: this.world.now(), seq: 0 }
  }
}

function checkText(text: string): void {
  if (text.trim() === '') throw new RpcError(400, 'MESSAGE_EMPTY')
  if (text.length > MAX_TEXT_LENGTH) throw new RpcError(400, 'MESSAGE_TOO_LONG')
}

function shortSent({ message, pts, ptsCount }: Delivery): TlObject {
  const { id, date, entities } = message
  return { _: 'updateShortSentMessage', out: true, id, pts, pts_count: ptsCount, date, entities }
}
