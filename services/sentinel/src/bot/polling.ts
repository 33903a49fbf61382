import type { Logger } from '@tgsentinel/kernel/log'
import type { SettingTable } from '../store/settings'
import type { BotApi, Update } from './bot-api'

export interface PollingOptions {
  api: Pick<BotApi, 'updates' | 'confirm' | 'handle'>
  settings: Pick<SettingTable, 'number' | 'set'>
  log: Logger
  signal: AbortSignal
}

const LONG_POLL_S = 25
/** Updates that are handled at the same time; no further ones are asked for while there are so many. */
const MAX_UNDER_WAY = 50
/** Ids rise by one; after a week without updates they begin anew anywhere (core.telegram.org/bots/api#update). */
const REPEATED_IDS = 1000

/**
 * Takes updates in and has them handled, several at a time. Each is noted before it is handled and confirmed by the next request:
 * what came while the bot was away is answered, and nothing is done twice, whatever ends the process.
 */
export class Polling {
  private offset = 0
  private isConfirmed = true
  private readonly underWay = new Set<Promise<void>>()

  constructor(private readonly options: PollingOptions) {}

  /** Asks once and hands on what came; `isWaiting` for a long poll. @throws BotApiError, the database's errors */
  async take(isWaiting: boolean): Promise<void> {
    while (this.underWay.size >= MAX_UNDER_WAY) await Promise.race(this.underWay)
    const updates = await this.options.api.updates(this.offset, isWaiting ? LONG_POLL_S : 0)
    this.isConfirmed = true
    for (const update of updates) this.begin(update)
  }

  /** Confirms what was taken last, so that nobody gets it again. Never throws. */
  async end(): Promise<void> {
    if (this.isConfirmed) return
    await this.options.api
      .confirm(this.offset)
      .catch((error: unknown) => this.options.log.debug({ err: error }, 'the last updates could not be confirmed'))
  }

  private begin(update: Update): void {
    const { settings } = this.options
    const last = settings.number('bot_update')
    const isRepeated = update.update_id <= last && update.update_id > last - REPEATED_IDS
    if (!isRepeated) settings.set('bot_update', update.update_id)
    this.offset = update.update_id + 1
    this.isConfirmed = false
    if (!isRepeated) this.handle(update)
  }

  private handle(update: Update): void {
    const { api, log, signal } = this.options
    const handled = api
      .handle(update)
      .catch((error: unknown) => {
        // grammY wraps what a handler threw; its own object holds the whole conversation.
        const cause = (error as { error?: unknown }).error ?? error
        if (!signal.aborted) log.error({ err: cause, update: update.update_id }, 'an update could not be handled')
      })
      .finally(() => this.underWay.delete(handled))
    this.underWay.add(handled)
  }
}
