import { checkReply } from './contract-record'
import { fetchAgain } from './fetch-again'
import type { ServiceName } from './openapi'

export interface RequestOptions {
  /** Sent as JSON. */
  json?: unknown
  /** Sent as it is. */
  body?: NonNullable<RequestInit['body']>
  headers?: Record<string, string>
  query?: Record<string, string | number>
  /** Instead of the client's own; null sends none. */
  token?: string | null
}

export interface Reply<T = unknown> {
  status: number
  body: T
  headers: Headers
}

export interface FailureBody {
  status: 'error'
  code: string
  message: string
  data: null
  error: { code: string; message: string }
}

/** Talks to a service; every reply is checked against its OpenAPI document. */
export class ApiClient {
  constructor(
    readonly service: ServiceName,
    readonly baseUrl: string,
    readonly token?: string,
  ) {}

  async request<T = unknown>(method: string, path: string, options: RequestOptions = {}): Promise<Reply<T>> {
    const url = new URL(path, this.baseUrl)
    for (const [name, value] of Object.entries(options.query ?? {})) url.searchParams.append(name, String(value))
    const token = options.token === undefined ? this.token : options.token
    const headers = {
      ...(token ? { Authorization: `Bearer ${token}` } : {}),
      ...(options.json === undefined ? {} : { 'Content-Type': 'application/json' }),
      ...options.headers,
    }
    const body = options.json === undefined ? options.body : JSON.stringify(options.json)
    const response = await fetchAgain(url, { method, headers, ...(body === undefined ? {} : { body }) })
    return this.read<T>(method, url.pathname, response)
  }

  private async read<T>(method: string, pathname: string, response: Response): Promise<Reply<T>> {
    const contentType = response.headers.get('content-type') ?? ''
    const isStream = contentType.startsWith('text/event-stream')
    const text = isStream ? undefined : await response.text()
    if (isStream) await response.body?.cancel()
    checkReply({ service: this.service, method, pathname, status: response.status, contentType, text })
    return {
      status: response.status,
      headers: response.headers,
      body: (text && contentType.startsWith('application/json') ? JSON.parse(text) : undefined) as T,
    }
  }
}
