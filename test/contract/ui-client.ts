import { checkReply } from '../support/contract-record'
import { contractOf, generalStatuses, type Operation } from '../support/openapi'
import { exchangeBytes } from '../support/raw-http'
import { forwarded } from './ui-forwarded'

const own = contractOf('ui')
const sentinel = contractOf('sentinel')

/** Statuses of what neither document knows: refused before anybody was asked. */
const NOWHERE = [400, 401, 403, 404, 405]

/** Statuses of the ui about what it forwards: a stranger's, and those of a sentinel that does not answer as it should. */
const FORWARDING = [401, 502, 503, 504]

export interface Sent {
  headers?: Record<string, string>
  json?: unknown
  body?: Buffer | string
}

export interface UiReply {
  status: number
  headers: Record<string, string>
  text: string
  bytes: Buffer
  /** Parsed JSON; `code` and `message` of a failure, `data` of a success. */
  body: { status: string; code?: string; message?: string; data: Record<string, unknown> }
}

/** A browser, a program or a stranger in front of a ui. Every reply is checked against the document it falls under. */
export class UiClient {
  cookie = ''
  /** Requests so far. */
  sent = 0

  constructor(
    readonly port: number,
    readonly token: string,
  ) {}

  get origin(): string {
    return `http://127.0.0.1:${this.port}`
  }

  get asOwner(): Record<string, string> {
    return { Cookie: this.cookie, Origin: this.origin }
  }

  get asProgram(): Record<string, string> {
    return { Authorization: `Bearer ${this.token}` }
  }

  /** A request of the signed-in owner. */
  owner(method: string, target: string, sent: Sent = {}): Promise<UiReply> {
    return this.send(method, target, { ...sent, headers: { ...this.asOwner, ...sent.headers } })
  }

  program(method: string, target: string, sent: Sent = {}): Promise<UiReply> {
    return this.send(method, target, { ...sent, headers: { ...this.asProgram, ...sent.headers } })
  }

  /** The bytes as they are told, on a connection of their own. */
  async send(method: string, target: string, { headers = {}, json, body = '' }: Sent = {}): Promise<UiReply> {
    const bytes = Buffer.from(json === undefined ? body : JSON.stringify(json))
    const all = {
      Host: `127.0.0.1:${this.port}`,
      Connection: 'close',
      ...(json === undefined ? {} : { 'Content-Type': 'application/json' }),
      ...(bytes.length > 0 ? { 'Content-Length': String(bytes.length) } : {}),
      ...headers,
    }
    const lines = Object.entries(all).map(([name, value]) => `${name}: ${value}\r\n`)
    const head = Buffer.from(`${method} ${target} HTTP/1.1\r\n${lines.join('')}\r\n`, 'latin1')
    return this.exchange(method, target, Buffer.concat([head, bytes]))
  }

  async exchange(method: string, target: string, bytes: Buffer | string): Promise<UiReply> {
    this.sent += 1
    const reply = parse(await exchangeBytes(this.port, bytes, isWhole))
    checkUiReply(method, target, reply)
    return reply
  }

  /** Signs in, or sets the password; gives the new cookie, which is not this client's own. */
  async signIn(path: '/api/auth/login' | '/api/auth/setup', password: string): Promise<string> {
    const reply = await this.send('POST', path, { json: { password }, headers: { Origin: this.origin } })
    if (reply.status !== 200) throw new Error(`${path} answers ${reply.status} ${reply.text}`)
    return cookieOf(reply)
  }
}

export function cookieOf({ headers }: UiReply): string {
  return headers['set-cookie']?.split(';')[0] ?? ''
}

/** A form with one file, as a browser sends it. */
export function formWith(bytes: Buffer, field = 'session_file'): Sent {
  const head = `--edge\r\nContent-Disposition: form-data; name="${field}"; filename="my.session"\r\n\r\n`
  return {
    headers: { 'Content-Type': 'multipart/form-data; boundary=edge' },
    body: Buffer.concat([Buffer.from(head), bytes, Buffer.from('\r\n--edge--\r\n')]),
  }
}

function isWhole(text: string): boolean {
  const [head = '', ...rest] = text.split('\r\n\r\n')
  if (rest.length === 0) return false
  if (/^content-type: text\/event-stream/im.test(head)) return true
  const length = /^content-length: (\d+)$/im.exec(head)
  return length !== null && rest.join('\r\n\r\n').length >= Number(length[1])
}

function parse(answer: string): UiReply {
  const [head = '', ...rest] = answer.split('\r\n\r\n')
  const [statusLine = '', ...lines] = head.split('\r\n')
  const pairs = lines.map((line) => line.split(/: (.*)/s, 2) as [string, string])
  const headers = Object.fromEntries(pairs.map(([name, value]) => [name.toLowerCase(), value]))
  const all = Buffer.from(rest.join('\r\n\r\n'), 'latin1')
  const bytes = all.subarray(0, Number(headers['content-length'] ?? all.length))
  const text = bytes.toString()
  const isJson = headers['content-type']?.startsWith('application/json') && text !== ''
  const body = (isJson ? JSON.parse(text) : {}) as UiReply['body']
  return { status: Number(statusLine.split(' ')[1]), headers, text, bytes, body }
}

function checkUiReply(method: string, target: string, { status, headers, text, body }: UiReply): void {
  const what = `${method} ${target.slice(0, 200)} -> ${status} ${text.slice(0, 300)}`
  const contentType = headers['content-type'] ?? ''
  const pathname = target.split('?')[0] ?? ''
  const isStream = contentType.startsWith('text/event-stream')
  const seen = { method, pathname, status, contentType, text: isStream ? undefined : text }
  const isForAnyOrigin = pathname.startsWith('/a/')
  if (headers['access-control-allow-origin'] !== undefined && !isForAnyOrigin)
    throw new Error(`${what} is open to other sites`)
  if (own.find(method, pathname)) return checkReply({ service: 'ui', ...seen })
  if (method === 'HEAD' && text === '') return
  const operation = forwarded.find((one) => one.method === method && one.pattern.test(pathname))
  if (operation && status < 400) return checkReply({ service: 'sentinel', ...seen })
  if (contentType !== 'application/json; charset=utf-8') throw new Error(`${what} is ${contentType}`)
  if (!statusesOf(operation).includes(status)) throw new Error(`${what}: nobody documents it`)
  // What was refused here, or what the sentinel refused.
  const problem = own.failureProblem(body) && sentinel.failureProblem(body)
  if (problem) throw new Error(`${what}: ${problem}`)
}

/** Statuses of a failure: of what is forwarded, or of what nobody documents. */
function statusesOf(operation: Operation | undefined): readonly number[] {
  if (!operation) return NOWHERE
  return [...Object.keys(operation.responses).map(Number), ...generalStatuses(operation), ...FORWARDING]
}
