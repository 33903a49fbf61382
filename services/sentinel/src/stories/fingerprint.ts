import { foldText } from '../scoring/fold'

/** What a message is compared by. */
export interface Fingerprint {
  /** Hashes of all runs of five characters, each once, rising. */
  shingles: Int32Array
  numbers: ReadonlySet<string>
  /** Names: words with a capital inside a sentence, Latin words within Cyrillic text, @names, $tickers. */
  names: ReadonlySet<string>
  /** Addresses that it names, without what differs from share to share. */
  urls: ReadonlySet<string>
}

const SHINGLE = 5
const NONE: ReadonlySet<string> = new Set()
const BETWEEN_WORDS = /[^\p{L}\p{N}]+/gu
const URL_PATTERN = /(?:https?:\/\/|www\.|t\.me\/)\S+/giu
/** Parameters that say who shared, not what. */
const TRACKING = /^(utm_|fbclid|gclid|yclid|ref|ref_src|source|from|si|igshid|mc_|_ga|amp)/i
/** What an address ends with is not followed by these. */
const AFTER_URL = /[)\]}>"'»,.!?:;…]+$/u
const CAPITALISED = /(?<=[\p{L}\p{N},;:)–—-]\s+|[«"(])\p{Lu}[\p{L}\p{N}-]{2,}/gu
const NUMBER = /\d+(?:[\s\u00a0.,]\d{3})*(?:[.,:]\d+)?/gu

/** Pure. */
export function fingerprintOf(text: string): Fingerprint {
  const bare = text.replace(URL_PATTERN, ' ')
  return {
    shingles: shinglesOf(bare),
    numbers: setOf((bare.match(NUMBER) ?? []).map(plainNumber)),
    names: setOf(namesIn(bare)),
    urls: setOf((text.match(URL_PATTERN) ?? []).flatMap((url) => canonicalUrl(url) ?? [])),
  }
}

/** Without protocol, www, fragment, tracking parameters and closing slash; null for what names no page. */
export function canonicalUrl(text: string): string | null {
  const address = text.replace(AFTER_URL, '')
  const url = parsed(withProtocol(address))
  if (!url) return null
  const host = url.hostname.replace(/^(?:www|m|mobile|amp)\./, '')
  const path = url.pathname.replace(/\/+$/, '')
  const kept = [...url.searchParams].filter(([name]) => !TRACKING.test(name)).sort(([a], [b]) => (a < b ? -1 : 1))
  const query = kept.map(([name, value]) => `${name}=${value}`).join('&')
  // A front page is no story.
  return path === '' && query === '' ? null : `${host}${path}${query && `?${query}`}`
}

function withProtocol(address: string): string {
  return /^https?:/i.test(address) ? address : `https://${address}`
}

function parsed(address: string): URL | null {
  try {
    return new URL(address)
  } catch {
    return null
  }
}

function setOf(values: readonly string[]): ReadonlySet<string> {
  return values.length === 0 ? NONE : new Set(values)
}

function shinglesOf(text: string): Int32Array {
  const line = foldText(text).replace(BETWEEN_WORDS, ' ').trim()
  const hashes = new Int32Array(Math.max(0, line.length - SHINGLE + 1))
  for (let at = 0; at < hashes.length; at++) hashes[at] = hashOf(line, at, at + SHINGLE)
  return distinct(hashes.sort())
}

/** Of sorted values each once. */
function distinct(sorted: Int32Array): Int32Array {
  let count = 0
  for (let at = 0; at < sorted.length; at++)
    if (count === 0 || sorted[at] !== sorted[count - 1]) sorted[count++] = sorted[at] as number
  return sorted.slice(0, count)
}

/** FNV-1a of a piece of a text. */
export function hashOf(text: string, from = 0, to = text.length): number {
  let hash = 0x811c9dc5 | 0
  for (let at = from; at < to; at++) hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193)
  return hash
}

/** 1 200,50 and 1200.5 are one number. */
function plainNumber(text: string): string {
  const digits = text.replace(/[\s\u00a0]/g, '').replace(/[.,](?=\d{3}(?:\D|$))/g, '')
  const number = Number(digits.replace(',', '.'))
  return Number.isNaN(number) ? digits : String(number)
}

function namesIn(text: string): string[] {
  const found = [...(text.match(/[@$]\p{L}[\p{L}\p{N}_]+/gu) ?? [])]
  // A capital that begins no sentence.
  for (const match of text.matchAll(CAPITALISED)) found.push(match[0])
  if (/\p{Script=Cyrillic}/u.test(text)) found.push(...(text.match(/\b[A-Za-z][A-Za-z0-9.-]{2,}/g) ?? []))
  return found.map((name) => foldText(name).replace(/[.-]+$/, ''))
}
