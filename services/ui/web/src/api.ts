/** A failure as the server tells it: a stable code, and a message with a next step. */
export class ApiFailure extends Error {
  constructor(
    readonly status: number,
    readonly code: string,
    message: string,
  ) {
    super(message)
  }
}

interface Envelope<T> {
  status: 'ok' | 'error'
  code?: string
  message?: string
  data: T
}

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

export async function call<T>(method: string, path: string, body?: object): Promise<T> {
  const headers: Record<string, string> = body ? { 'Content-Type': 'application/json' } : {}
  const init: RequestInit = { method, headers, credentials: 'same-origin' }
  if (body) init.body = JSON.stringify(body)
  const response = await fetch(apiUrl(path), init).catch(() => undefined)
  if (!response) throw unreachable()
  return unwrap<T>(response.status, await response.text())
}

/** The data of a reply. @throws ApiFailure */
export function unwrap<T>(status: number, text: string): T {
  const envelope = parse<T>(text)
  if (envelope?.status === 'ok') return envelope.data
  if (status === 401 && envelope?.code === 'UNAUTHORIZED') for (const listener of listeners) listener()
  throw new ApiFailure(
    status,
    envelope?.code ?? 'UNKNOWN',
    envelope?.message ?? `The server answered ${status}. Reload the page.`,
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
