import { readFileSync, statSync } from 'node:fs'
import * as v from 'valibot'

/** Every problem of a configuration at once; the message is for the person who starts the service. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError'

  constructor(readonly problems: readonly string[]) {
    super(`The configuration cannot be used:\n${problems.map((problem) => `  - ${problem}`).join('\n')}`)
  }
}

type Shape = Record<string, v.GenericSchema<string | undefined, unknown>>
type Values<S extends Shape> = { [K in keyof S]: v.InferOutput<S[K]> }

/**
 * Reads the variables of `shape` out of `env`. Each name in `secrets` may instead be given as `NAME_FILE`, a file that
 * holds the value (none: a device such as /dev/null, which docker-compose.yml mounts where no file is given). An empty variable counts as absent. `contradictions` names what does not go together; a malformed value
 * counts as present there. Values never appear in a message.
 * @throws ConfigError naming every problem at once
 */
export function readEnvironment<S extends Shape>(
  shape: S,
  env: NodeJS.ProcessEnv,
  secrets: readonly (keyof S & string)[] = [],
  contradictions: (values: Values<S>) => string[] = () => [],
): Values<S> {
  const problems: string[] = []
  const values: Record<string, unknown> = {}
  for (const [name, schema] of Object.entries(shape)) {
    const raw = secrets.includes(name) ? readSecret(name, env, problems) : env[name] || undefined
    const result = v.safeParse(schema, raw)
    values[name] = result.success ? result.output : raw
    if (!result.success) problems.push(...result.issues.map((issue) => `${name}: ${issue.message}`))
  }
  problems.push(...contradictions(values as Values<S>))
  if (problems.length > 0) throw new ConfigError(problems)
  return values as Values<S>
}

function readSecret(name: string, env: NodeJS.ProcessEnv, problems: string[]): string | undefined {
  const file = env[`${name}_FILE`]
  if (!file || statSync(file, { throwIfNoEntry: false })?.isCharacterDevice()) return env[name] || undefined
  if (env[name]) problems.push(`${name} and ${name}_FILE are both set; keep one`)
  try {
    const text = readFileSync(file, 'utf8').trim()
    // An empty file would silently stand for no secret at all.
    if (!text) problems.push(`${name}_FILE: the file is empty`)
    return text || undefined
  } catch {
    problems.push(`${name}_FILE: the file cannot be read`)
    return undefined
  }
}

/** Any text, with a default. */
export function plainText(fallback: string) {
  return v.optional(v.string(), fallback)
}

/** A text that may be absent, and where it is there passes the check. */
export function optionalText(isRight: (text: string) => boolean = () => true, message = '') {
  return v.optional(v.pipe(v.string(), v.check(isRight, message)))
}

/** A text with a default; what it is turned into by `read` counts, and undefined from there is a refusal, for which `message` has words. */
export function textAs<T>(
  fallback: string,
  read: (text: string) => T | undefined,
  message: string | ((text: string) => string),
) {
  return v.pipe(
    v.optional(v.string(), fallback),
    v.check((text) => read(text) !== undefined, typeof message === 'string' ? message : ({ input }) => message(input)),
    v.transform((text) => read(text) as T),
  )
}

/** A secret of at least so many characters, or none. */
export function secretText(characters: number) {
  return optionalText(
    (text) => text.length >= characters && text.length <= 1024,
    `must have at least ${characters} characters`,
  )
}

/** A TCP port, from 0 (any free one) to 65535. */
export function port(fallback: number) {
  const read = (text: string) => (/^\d{1,5}$/.test(text) && Number(text) <= 65535 ? Number(text) : undefined)
  return textAs(String(fallback), read, 'must be a port, 0 to 65535')
}

const LOG_LEVELS = ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent']

export const logLevel = textAs(
  'info',
  (text) => (LOG_LEVELS.includes(text) ? text : undefined),
  `must be one of ${LOG_LEVELS.join(', ')}`,
)

/** `sqlite:///relative/path` or `sqlite:////absolute/path`, as a path. */
export function sqliteUri(fallback: string) {
  const read = (text: string) => /^sqlite:\/\/\/([^?#]+)$/.exec(text)?.[1]
  return textAs(fallback, read, 'must look like sqlite:///data/file.db (four slashes: an absolute path)')
}

/** FILE_ACCESS: who may use the files that are written. */
export function fileAccess() {
  return textAs<FileAccess>('owner', fileAccessOf, 'must be owner or group')
}

export type FileAccess = 'owner' | 'group'

function fileAccessOf(text: string): FileAccess | undefined {
  return text === 'owner' || text === 'group' ? text : undefined
}

/** Whether a request's Host header names this machine: anything else may be a foreign name that leads here (DNS rebinding). */
export function namesThisMachine(hostHeader = ''): boolean {
  return isLoopback(
    hostHeader
      .toLowerCase()
      .replace(/:\d+$/, '')
      .replace(/^\[|\]$/g, ''),
  )
}

/** Whether an address to listen on can be reached from this machine alone. */
export function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || /^127\.\d+\.\d+\.\d+$/.test(host)
}
