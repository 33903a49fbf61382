import type { TlObject } from '../tl/codec'
import type { Account, StoredMessage } from './model'
import { markedChannel } from './peers'
import { renderChat, renderUser } from './rendering'
import type { World } from './world'

/** The users and chats that messages speak of, each once, as Telegram sends them along. */
export class Mentioned {
  private readonly users = new Set<number>()
  private readonly chats = new Set<number>()

  constructor(
    private readonly world: World,
    private readonly viewer: Account,
  ) {}

  add(marked: number): this {
    if (marked > 0) this.users.add(marked)
    else this.chats.add(marked)
    return this
  }

  addMessage(message: StoredMessage): this {
    this.add(message.chat)
    if (message.from !== undefined) this.add(message.from)
    this.addPeer(message.forward?.['from_id'] as TlObject | undefined)
    return this
  }

  render(): { users: TlObject[]; chats: TlObject[] } {
    const users = [...this.users].map((id) => this.world.users.get(id)).filter((user) => user !== undefined)
    return {
      users: users.map((user) => renderUser(user, this.viewer)),
      chats: [...this.chats].map((id) => renderChat(this.world.chatOf(id), this.viewer)),
    }
  }

  private addPeer(peer: TlObject | undefined): void {
    if (peer?._ === 'peerUser') this.add(peer['user_id'] as number)
    if (peer?._ !== 'peerChannel') return
    const channel = this.world.channels.get(peer['channel_id'] as number)
    if (channel) this.chats.add(markedChannel(channel.id))
  }
}
