import { DAY, SECOND } from '@tgsentinel/kernel/time'
import { MessageFlag, type Message } from '../model'

/** What somebody posted long before a chat was followed is stored to be found, and rings no more. */
export function isOldNews({ flags, date }: Pick<Message, 'flags' | 'date'>, nowMs: number): boolean {
  return (flags & MessageFlag.backfilled) !== 0 && nowMs - date * SECOND > DAY
}
