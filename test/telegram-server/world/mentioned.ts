import type { TlObject } from '../tl/codec'
import type { Account, Change, StoredMessage } from './model'
import { isChannel, markedChannel } from './peers'
import { renderChat, renderMinUser, renderUser } from './rendering'
import type { World } from './world'

/** The users and chats that messages speak of, each once, as Telegram sends them along. */
export class Mentioned {
  /** By id, whether the viewer meets them elsewhere than in a channel. */
  private readonly users = new Map<number, boolean>()
  private readonly chats = new Set<number>()

  constructor(
    private readonly world: World,
    private readonly viewer: Account,
  ) {}

  add(marked: number, isMet = true): this {
    if (marked > 0) this.users.set(marked, isMet || this.users.get(marked) === true)
    else this.chats.add(marked)
    return this
  }

  addMessage(message: StoredMessage): this {
    const isMet = !isChannel(message.chat)
    this.add(message.chat)
    if (message.from !== undefined) this.add(message.from, isMet)
    this.addPeer(message.forward?.['from_id'] as TlObject | undefined, isMet)
    this.addMigration(message.action)
    return this
  }

  addChange({ chat, message }: Change): this {
    return message ? this.addMessage(message) : this.add(chat)
  }

  /** `min` leaves those whom the viewer meets in channels only without a usable access hash. */
  render({ min = false } = {}): { users: TlObject[]; chats: TlObject[] } {
    const { world, viewer } = this
    return {
      users: [...this.users].flatMap(([id, isMet]) => {
        const user = world.users.get(id)
        if (!user) return []
        return [min && !isMet && user !== viewer.user ? renderMinUser(user, viewer) : renderUser(user, viewer)]
      }),
      chats: [...this.chats].map((id) => renderChat(world.chatOf(id), viewer)),
    }
  }

  private addPeer(peer: TlObject | undefined, isMet: boolean): void {
    if (peer?._ === 'peerUser') this.add(peer['user_id'] as number, isMet)
    if (peer?._ !== 'peerChannel') return
    const channel = this.world.channels.get(peer['channel_id'] as number)
    if (channel) this.chats.add(markedChannel(channel.id))
  }

  private addMigration(action: TlObject | undefined): void {
    if (action?._ === 'messageActionChatMigrateTo') this.add(markedChannel(action['channel_id'] as number))
    if (action?._ === 'messageActionChannelMigrateFrom') this.add(-(action['chat_id'] as number))
  }
}
