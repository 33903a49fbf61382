import { DAY } from '@tgsentinel/kernel/time'

/** Chats that are remembered; while so many are, no further one is answered. */
const MAX_REMEMBERED = 1000

/** Who is not obeyed is told so once a day. */
export class Strangers {
  private readonly toldAtMs = new Map<number, number>()

  constructor(private readonly now: () => number) {}

  /** Whether this chat is to be told now. */
  mayTell(chatId: number): boolean {
    const nowMs = this.now()
    for (const [chat, atMs] of this.toldAtMs) {
      if (nowMs - atMs < DAY) break
      this.toldAtMs.delete(chat)
    }
    if (this.toldAtMs.has(chatId) || this.toldAtMs.size >= MAX_REMEMBERED) return false
    this.toldAtMs.set(chatId, nowMs)
    return true
  }
}
