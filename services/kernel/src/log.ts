import pino, { type Logger } from 'pino'

export type { Logger }

/**
 * JSON lines on stdout. Fields first, then a constant message: ids, counts, durations, error codes; never the text of
 * a message, a phone number, a code, a token or a session.
 */
export function createLogger(service: string, level: string): Logger {
  return pino({
    level,
    base: { service },
    timestamp: pino.stdTimeFunctions.isoTime,
    formatters: { level: (label) => ({ level: label }) },
    redact: { paths: ['*.authorization', '*.cookie', '*.password', '*.token', '*.session_data'], remove: true },
    serializers: { err: describeError },
  })
}

/** Name, message, code, stack and the chain of causes; never an error's own further fields (axios keeps requests there). */
function describeError(error: unknown): object {
  if (!(error instanceof Error)) return { message: String(error) }
  const code = 'code' in error ? { code: error.code } : {}
  const cause = error.cause === undefined ? {} : { cause: describeError(error.cause) }
  return { type: error.name, message: error.message, ...code, stack: error.stack, ...cause }
}
