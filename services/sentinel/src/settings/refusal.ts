import { ApiError } from '@tgsentinel/kernel/errors'
import { failure } from '../model'

/** What in the file cannot be used, by its place there, as in `digests.0.profile`. */
export function refuse(path: string, message: string, cause?: unknown): never {
  throw failure('INVALID_IMPORT', `${path}: ${message}`, cause)
}

/** A name that nothing has, here or in the file. @throws ApiError INVALID_IMPORT */
export function requireKnown(
  path: string,
  what: 'profile' | 'template' | 'destination',
  name: string,
  isKnown: boolean,
): void {
  if (!isKnown) refuse(path, `There is no ${what} “${name}”, here or in this file.`)
}

/** Checks what stands at a place of the file by the rules of the API. @throws ApiError INVALID_IMPORT with the place and the reason */
export function at<T>(path: string, check: () => T): T {
  try {
    return check()
  } catch (error) {
    throw placed(path, error)
  }
}

/** The same of a check that takes a while. @throws ApiError INVALID_IMPORT with the place and the reason */
export async function awaitedAt<T>(path: string, check: () => Promise<T>): Promise<T> {
  try {
    return await check()
  } catch (error) {
    throw placed(path, error)
  }
}

function placed(path: string, error: unknown): unknown {
  // Where nothing can be checked now, nothing is wrong with the file.
  if (!(error instanceof ApiError) || error.status >= 500) return error
  const place = [path, error.options.wrong?.field ?? []].flat().join('.')
  return failure('INVALID_IMPORT', `${place}: ${error.message}`, error)
}

/** @throws ApiError INVALID_IMPORT where two entries have one name */
export function requireOwnNames(list: string, entries: readonly { name: string }[]): void {
  const seen = new Set<string>()
  for (const [index, { name }] of entries.entries()) {
    if (seen.has(name.trim()))
      refuse(`${list}.${index}.name`, `“${name.trim()}” stands twice in this file. Name each once.`)
    seen.add(name.trim())
  }
}
