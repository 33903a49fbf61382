import type { Logger } from '@tgsentinel/kernel/log'
import { InvalidSessionFile } from '@tgsentinel/session-codec/session-codec'
import { TelegramError } from './telegram-error'

/** What changes the session, one step after another: imports, promotions, removals. */
export class OwnerSteps {
  private last: Promise<unknown> = Promise.resolve()

  constructor(private readonly log: Logger) {}

  /** Does it once all that was asked for before is done. A failure is told in the log, unless it is the caller's own doing. */
  take<T>(work: () => Promise<T>): Promise<T> {
    const result = this.last.then(work)
    this.last = result.catch((error: unknown) => {
      const isCallers = error instanceof InvalidSessionFile || isAborted(error)
      if (!isCallers) this.log.error({ err: error }, 'the owner could not finish a step')
    })
    return result
  }

  /** Resolves once all is done that was asked for until now. */
  get done(): Promise<unknown> {
    return this.last
  }
}

function isAborted(error: unknown): boolean {
  return error instanceof TelegramError && error.type === 'ABORTED'
}
