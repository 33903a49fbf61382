import type { Pusher } from './pusher'
import type { Account } from './world/model'
import type { World } from './world/world'

export interface BotReply {
  /** Answers messages that contain this text, case apart; every message if left out. */
  match?: string
  /** One message each, in order. */
  texts: string[]
  /** Before each of them. */
  delayMs?: number
}

/** Bots that say what they were told to say, in private chats. The first reply that matches is taken. */
export class BotScripts {
  private readonly scripts = new Map<number, BotReply[]>()
  private readonly pending = new Set<NodeJS.Timeout>()

  constructor(
    private readonly world: World,
    private readonly pusher: Pusher,
  ) {}

  set(bot: number, replies: BotReply[]): void {
    this.scripts.set(bot, replies)
  }

  /** Answers later, even without delay: the sender gets to know of the own message first. */
  hear(bot: number, account: Account, text: string): void {
    const matches = ({ match = '' }: BotReply) => text.toLowerCase().includes(match.toLowerCase())
    const reply = this.scripts.get(bot)?.find(matches)
    if (reply) this.sayNext(bot, account, reply, 0)
  }

  close(): void {
    for (const timer of this.pending) clearTimeout(timer)
  }

  private sayNext(bot: number, account: Account, reply: BotReply, at: number): void {
    const text = reply.texts[at]
    if (text === undefined) return
    const timer = setTimeout(() => {
      this.pending.delete(timer)
      this.pusher.push(this.world.post({ chat: bot, account: account.user.id, text }), 'updates')
      this.sayNext(bot, account, reply, at + 1)
    }, reply.delayMs ?? 0)
    this.pending.add(timer)
  }
}
