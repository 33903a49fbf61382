import { createHash } from 'node:crypto'
import type { SqliteDatabase } from '@tgsentinel/kernel/sqlite'
import type { MarkedId } from '../model'

/** What this program wrote to Telegram, by its print: it comes back as a message, and must not be told again. */
export class ToldTextTable {
  private readonly insert
  private readonly select
  private readonly removeOld

  constructor(database: SqliteDatabase) {
    this.insert = database.prepare<[string, number]>(
      'INSERT INTO told_texts (print, at) VALUES (?, ?) ON CONFLICT (print) DO UPDATE SET at = excluded.at',
    )
    this.select = database.prepare<[string], number>('SELECT 1 FROM told_texts WHERE print = ?').pluck()
    this.removeOld = database.prepare<[number, number]>(
      'DELETE FROM told_texts WHERE told_texts.print IN (SELECT o.print FROM told_texts o WHERE o.at < ? LIMIT ?)',
    )
  }

  /**
   * Before it is sent: it may be heard before its sending is acknowledged.
   * @param chatId where others write it for us: the bot's chat; null: what we write as the account itself
   */
  add(text: string, atMs: number, chatId: MarkedId | null): void {
    this.insert.run(printOf(text, chatId), atMs)
  }

  /** Whether the account wrote it. */
  has(text: string): boolean {
    return this.select.get(printOf(text, null)) !== undefined
  }

  /** Whether the bot wrote it in this chat, where a channel may stand as its sender. */
  hasIn(chatId: MarkedId, text: string): boolean {
    return this.select.get(printOf(text, chatId)) !== undefined
  }

  /** How many went, at most `limit`. */
  prune(beforeMs: number, limit: number): number {
    return this.removeOld.run(beforeMs, limit).changes
  }
}

/** Telegram may change spaces at the ends and between lines. */
function printOf(text: string, chatId: MarkedId | null): string {
  const place = chatId === null ? '' : `${chatId}\n`
  return createHash('sha256')
    .update(place + text.replace(/\s+/g, ' ').trim())
    .digest('base64')
}
