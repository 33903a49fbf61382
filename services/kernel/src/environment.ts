import { readFileSync } from 'node:fs'
import { z } from 'zod'

/** Every problem of a configuration at once; the message is for the person who starts the service. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError'

  constructor(readonly problems: readonly string[]) {
    super(`The configuration cannot be used:\n${problems.map((problem) => `  - ${problem}`).join('\n')}`)
  }
}

type Shape = Record<string, z.ZodType>
type Values<S extends Shape> = { [K in keyof S]: z.output<S[K]> }

/**
 * Reads the variables of `shape` out of `env`. Each name in `secrets` may instead be given as `NAME_FILE`, a file that
 * holds the value. An empty variable counts as absent. Values never appear in a message.
 * @throws ConfigError naming every malformed variable
 */
export function readEnvironment<S extends Shape>(
  shape: S,
  env: NodeJS.ProcessEnv,
  secrets: readonly (keyof S & string)[] = [],
): Values<S> {
  const problems: string[] = []
  const values: Record<string, unknown> = {}
  for (const [name, schema] of Object.entries(shape)) {
    const raw = secrets.includes(name) ? readSecret(name, env, problems) : env[name] || undefined
    const result = schema.safeParse(raw)
    if (result.success) values[name] = result.data
    else problems.push(...result.error.issues.map((issue) => `${name}: ${issue.message}`))
  }
  if (problems.length > 0) throw new ConfigError(problems)
  return values as Values<S>
}

function readSecret(name: string, env: NodeJS.ProcessEnv, problems: string[]): string | undefined {
  const file = env[`${name}_FILE`]
  if (!file) return env[name] || undefined
  if (env[name]) problems.push(`${name} and ${name}_FILE are both set; keep one`)
  try {
    return readFileSync(file, 'utf8').trim() || undefined
  } catch {
    problems.push(`${name}_FILE: the file cannot be read`)
    return undefined
  }
}

/** A TCP port, from 0 (any free one) to 65535. */
export function port(fallback: number) {
  return z
    .string()
    .optional()
    .refine(
      (text) => text === undefined || (/^\d{1,5}$/.test(text) && Number(text) <= 65535),
      'must be a port, 0 to 65535',
    )
    .transform((text) => (text === undefined ? fallback : Number(text)))
}

export const logLevel = z
  .enum(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'], {
    error: 'must be one of fatal, error, warn, info, debug, trace, silent',
  })
  .default('info')

/** `sqlite:///relative/path` or `sqlite:////absolute/path`, as a path. */
export function sqliteUri(fallback: string) {
  return z
    .string()
    .default(fallback)
    .refine(
      (text) => /^sqlite:\/\/\/[^?#]+$/.test(text),
      'must look like sqlite:///data/file.db (four slashes: an absolute path)',
    )
    .transform((text) => text.slice('sqlite:///'.length))
}

/** Whether an address to listen on can be reached from this machine alone. */
export function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || /^127\.\d+\.\d+\.\d+$/.test(host)
}
