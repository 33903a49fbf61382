import type { Span } from './model'

/** What of the body is wrong, as in `queries.1.query`, and where in that. */
export interface WrongPart {
  field?: string
  span?: Span
}

/** A failure as the server tells it: a stable code, and a message with a next step. */
export class ApiFailure extends Error {
  constructor(
    readonly status: number,
    readonly code: string,
    message: string,
    /** How long to wait before it makes sense to try again. */
    readonly retryAfterS = 0,
    readonly wrong: WrongPart = {},
  ) {
    super(message)
  }
}

interface Envelope<T> {
  status: 'ok' | 'error'
  code?: string
  message?: string
  data: T
  error?: WrongPart | null
}

/** How far the server's clock is ahead of ours. */
let skewMs = 0

const listeners = new Set<() => void>()

/** Calls `listener` whenever a reply says that nobody is signed in any more. Returns what ends that. */
export function onSignedOut(listener: () => void): () => void {
  listeners.add(listener)
  return () => listeners.delete(listener)
}

/** Address of an operation: beside the page, wherever that stands. */
export function apiUrl(path: string): string {
  return new URL(`api/${path}`, document.baseURI).href
}

/** Says what a link of a notification says; what the server says of it. @throws ApiFailure */
export async function followLink(token: string): Promise<string> {
  const response = await fetch(new URL(`a/${token}`, document.baseURI), { method: 'POST' }).catch(() => undefined)
  if (!response) throw unreachable()
  const text = await response.text()
  unwrap(response.status, text)
  return parse(text)?.message ?? ''
}

export interface CallOptions {
  /** Of what is changed: it is refused where somebody else changed it meanwhile. */
  revision?: number
}

/** @throws ApiFailure */
export async function call<T>(method: string, path: string, body?: object, options: CallOptions = {}): Promise<T> {
  const headers: Record<string, string> = body ? { 'Content-Type': 'application/json' } : {}
  if (options.revision !== undefined) headers['If-Match'] = `"${options.revision}"`
  const init: RequestInit = { method, headers, credentials: 'same-origin' }
  if (body) init.body = JSON.stringify(body)
  const response = await fetch(apiUrl(path), init).catch(() => undefined)
  if (!response) throw unreachable()
  const sentAt = Date.parse(response.headers.get('Date') ?? '')
  if (!Number.isNaN(sentAt)) skewMs = sentAt - Date.now()
  return unwrap<T>(response.status, await response.text(), Number(response.headers.get('Retry-After')) || 0)
}

/** By the server's clock, which the moments in its replies are of. */
export function serverNow(): number {
  // The header has whole seconds, and takes its time to come.
  return Date.now() + (Math.abs(skewMs) > 3000 ? skewMs : 0)
}

/** The data of a reply. @throws ApiFailure */
export function unwrap<T>(status: number, text: string, retryAfterS = 0): T {
  const envelope = parse<T>(text)
  if (envelope?.status === 'ok') return envelope.data
  if (status === 401 && envelope?.code === 'UNAUTHORIZED') for (const listener of listeners) listener()
  throw new ApiFailure(
    status,
    envelope?.code ?? 'UNKNOWN',
    envelope?.message ?? `The server answered ${status}. Reload the page.`,
    retryAfterS,
    envelope?.error ?? {},
  )
}

export function unreachable(): ApiFailure {
  return new ApiFailure(0, 'UI_UNREACHABLE', 'This page cannot reach its server. Is TG Sentinel running?')
}

export function messageOf(error: unknown): string {
  return error instanceof ApiFailure ? error.message : 'Something went wrong on this page. Reload it.'
}

/** Its stable code; empty for what is no failure of a call. */
export function codeOf(error: unknown): string {
  return error instanceof ApiFailure ? error.code : ''
}

function parse<T>(text: string): Envelope<T> | undefined {
  try {
    return JSON.parse(text) as Envelope<T>
  } catch {
    return undefined
  }
}
