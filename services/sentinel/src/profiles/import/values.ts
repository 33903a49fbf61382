export type ImportRecord = Record<string, unknown>

export function isRecord(value: unknown): value is ImportRecord {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** Whether there is nothing in it that could be lost. */
export function isNothing(value: unknown): boolean {
  if (value === null || value === undefined || value === false || value === 0 || value === '') return true
  if (Array.isArray(value)) return value.length === 0
  return isRecord(value) && Object.values(value).every(isNothing)
}

/** A number within bounds, also where it was written as text; undefined for anything else. */
export function numberIn(value: unknown, least: number, most: number): number | undefined {
  const number = typeof value === 'string' && value.trim() !== '' ? Number(value) : value
  return typeof number === 'number' && number >= least && number <= most ? number : undefined
}

/** A weight as the document allows it. */
export function weightOf(value: unknown): number | undefined {
  return numberIn(value, 0, 1000)
}

/** A list as it is; a single value is a list of one. */
export function listOf(value: unknown): readonly unknown[] {
  if (Array.isArray(value)) return value
  return value === null || value === undefined || value === '' ? [] : [value]
}

/** `@username` or a numeric id, as the document has senders and chats; undefined for what is neither. */
export function peerOf(value: unknown): string | undefined {
  const named = isRecord(value) ? (value['id'] ?? value['username']) : value
  if (typeof named !== 'string' && typeof named !== 'number') return undefined
  const text = String(named).trim()
  const peer = /^[A-Za-z]\w*$/.test(text) ? `@${text}` : text
  return /^(@[A-Za-z0-9_]{1,32}|-?[0-9]{1,16})$/.test(peer) ? peer : undefined
}
