import type { Logger } from './log'
import { ConfigError } from './environment'

/** Who opens closes, in reverse order; every closer runs, errors are collected. */
export class Closers {
  private readonly closers: { name: string; close: () => void | Promise<void> }[] = []
  private closing: Promise<void> | undefined

  add(name: string, close: () => void | Promise<void>): void {
    this.closers.push({ name, close })
  }

  /** Idempotent. Rejects with an AggregateError when something did not close. */
  close(): Promise<void> {
    this.closing ??= this.closeAll()
    return this.closing
  }

  private async closeAll(): Promise<void> {
    const errors: unknown[] = []
    for (const { name, close } of this.closers.reverse()) {
      try {
        await close()
      } catch (cause) {
        errors.push(new Error(`${name} did not close`, { cause }))
      }
    }
    if (errors.length > 0) throw new AggregateError(errors, 'not everything closed')
  }
}

export interface Service {
  log: Logger
  close(): Promise<void>
}

/**
 * Runs a service until SIGINT or SIGTERM, closes it, and lets the process end by itself. A start that fails says why in
 * one message on stderr and exits with 1; so does a close that takes longer than ten seconds.
 */
export async function runService(start: () => Promise<Service>): Promise<void> {
  const service = await (async () => start())().catch((error: unknown) => fail(error))
  if (!service) return
  const stop = (signal: string) => {
    service.log.info({ signal }, 'stopping')
    setTimeout(() => process.exit(1), 10_000).unref()
    service.close().catch((error: unknown) => {
      service.log.error({ err: error }, 'stopped with errors')
      process.exitCode = 1
    })
  }
  process.once('SIGINT', stop)
  process.once('SIGTERM', stop)
  for (const event of ['uncaughtException', 'unhandledRejection'] as const) {
    process.on(event, (error) => {
      service.log.fatal({ err: error }, 'unexpected error')
      process.exitCode = 1
      stop(event)
    })
  }
}

function fail(error: unknown): undefined {
  const message =
    error instanceof ConfigError || !(error instanceof Error)
      ? String((error as Error)?.message ?? error)
      : describe(error)
  process.stderr.write(`${message}\n`)
  process.exitCode = 1
}

function describe(error: Error): string {
  const cause = error.cause instanceof Error ? ` (${error.cause.message})` : ''
  return `${error.message}${cause}`
}
