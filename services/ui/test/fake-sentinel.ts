import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { components } from '../../../openapi/generated/sentinel'
import { REQUEST_ID } from '../src/cache/cache'
import { NO_SIGN_IN, sampleSession } from './sample-session'

type Schemas = components['schemas']
export type Status = Schemas['Status']
export type Alert = Schemas['Alert']

export interface Heard {
  method: string
  url: string
  headers: IncomingMessage['headers']
  body: Buffer
}

type Answer = (heard: Heard, response: ServerResponse) => void | Promise<void>

export const TOKEN = 'a-token-of-the-tests-0123456789'
export const ADA = { username: 'ada', first_name: 'Ada', user_id: 777000111 }

/** A small server that answers as openapi/sentinel.yaml says, and misbehaves on request. */
export class FakeSentinel {
  status: Status = freshStatus()
  alerts: Alert[] = []
  /** Of browsers and programs: what the ui reads for itself goes on beside it, and is always answered. */
  readonly heard: Heard[] = []
  /** By `METHOD /path`: what it does instead of what the contract says. */
  readonly answers = new Map<string, Answer>()
  /** Called when an import was taken, with its generation. */
  onImport: (generation: number) => void = (generation) => this.authorize(generation)
  generation = 0
  signIn: Schemas['SignIn'] = NO_SIGN_IN
  readonly streams = new Set<ServerResponse>()
  /** Of the ui itself. */
  readonly followers = new Set<ServerResponse>()
  digests: Schemas['Digest'][] = []
  readonly runs = new Map<number, Schemas['DigestRun'][]>()
  private readonly events: { id: number; text: string }[] = []
  private server: Server | undefined
  private port = 0

  async start(): Promise<void> {
    const server = createServer((request, response) => void this.handle(request, response))
    await new Promise<void>((resolve) => server.listen(this.port, '127.0.0.1', resolve))
    this.port = (server.address() as AddressInfo).port
    this.server = server
  }

  async stop(): Promise<void> {
    const server = this.server
    if (!server) return
    this.server = undefined
    await new Promise((resolve) => {
      server.close(resolve)
      server.closeAllConnections()
    })
  }

  get baseUrl(): string {
    return `http://127.0.0.1:${this.port}/api`
  }

  setStatus(change: Partial<Status>): void {
    this.status = { ...this.status, ...change }
    this.emit('status', this.status)
  }

  authorize(generation: number, user: Status['user_info'] = ADA): void {
    const message = `Signed in as @${user?.username}.`
    this.setStatus({
      authorized: true,
      connected: true,
      state: 'signed_in',
      state_message: message,
      user_info: user,
      session_generation: generation,
      import: { generation, state: 'authorized', code: null, message },
      last_sync: new Date().toISOString(),
    })
  }

  raise(alert: Alert): void {
    this.alerts.unshift(alert)
    this.emit('alert', alert)
  }

  emit(type: string, data: unknown): void {
    const id = this.events.length + 1
    const text = `id: e-${id}\nevent: ${type}\ndata: ${JSON.stringify(data)}\n\n`
    this.events.push({ id, text })
    for (const stream of [...this.streams, ...this.followers]) stream.write(text)
  }

  /** Cuts every stream in the middle of an event. */
  cutStreams(): void {
    for (const stream of this.streams) {
      stream.write('id: e-9999\nevent: alert\ndata: {"half')
      stream.destroy()
    }
  }

  private async handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = []
    for await (const chunk of request) chunks.push(chunk as Buffer)
    const heard = {
      method: request.method ?? '',
      url: request.url ?? '',
      headers: request.headers,
      body: Buffer.concat(chunks),
    }
    const isOwn = heard.headers['x-request-id'] === REQUEST_ID
    if (!isOwn) this.heard.push(heard)
    const path = heard.url.split('?')[0] ?? ''
    const answer = this.answers.get(`${heard.method} ${path}`)
    if (answer && !isOwn) return answer(heard, response)
    if (path === '/api/health') return health(response)
    if (heard.headers.authorization !== `Bearer ${TOKEN}`)
      return refuse(response, 401, 'UNAUTHORIZED', 'A valid token is needed.')
    this.answer(heard, path, response)
  }

  private answer(heard: Heard, path: string, response: ServerResponse): void {
    const key = `${heard.method} ${path}`
    if (key === 'GET /api/status') return reply(response, this.status)
    if (key === 'GET /api/events') return this.stream(heard, response)
    if (key === 'GET /api/stats') return reply(response, this.stats())
    if (key === 'GET /api/profiles') return reply(response, { profiles: [] })
    if (key === 'GET /api/alerts') return this.listAlerts(heard, response)
    if (key === 'GET /api/session') return reply(response, sampleSession(this.status))
    if (key === 'GET /api/session/sign-in') return reply(response, this.signIn)
    if (key === 'POST /api/session/import') return this.import(response)
    if (key === 'DELETE /api/session/import') return this.cancelImport(heard, response)
    if (key === 'GET /api/proxies') return reply(response, NO_PROXIES)
    if (key === 'PUT /api/telegram/app') return this.setApp(response)
    if (heard.method === 'PATCH') return this.change(Number(path.split('/').at(-1)), heard.body, response)
    this.answerOfDigests(key, response)
  }

  private answerOfDigests(key: string, response: ServerResponse): void {
    if (key === 'GET /api/digests') return reply(response, { digests: this.digests })
    if (key === 'GET /api/time-zone') return reply(response, { time_zone: 'UTC', is_set: false })
    const [, digest] = /^GET \/api\/digests\/(\d+)\/runs$/.exec(key) ?? []
    if (digest && this.runs.has(Number(digest))) return reply(response, { runs: this.runs.get(Number(digest)) })
    refuse(response, 404, 'NOT_FOUND', 'There is nothing here.')
  }

  private stream(heard: Heard, response: ServerResponse): void {
    response.writeHead(200, { 'Content-Type': 'text/event-stream' }).write('retry: 2000\n\n')
    const streams = heard.headers['x-request-id'] === REQUEST_ID ? this.followers : this.streams
    streams.add(response)
    response.once('close', () => streams.delete(response))
    const lastId = heard.headers['last-event-id']
    if (typeof lastId !== 'string') return
    for (const { id, text } of this.events) if (id > Number(lastId.split('-')[1])) response.write(text)
  }

  private import(response: ServerResponse): void {
    this.generation += 1
    const { generation } = this
    const message = 'Asking Telegram.'
    this.setStatus({ import: { generation, state: 'verifying', code: null, message } })
    const imported_at = new Date().toISOString()
    reply(response, { session_path: 'x.session', size: 1, imported_at, generation }, 'Session imported successfully')
    this.onImport(generation)
  }

  private cancelImport({ url }: Heard, response: ServerResponse): void {
    const wanted = Number(new URL(url, 'http://x').searchParams.get('generation') ?? this.generation)
    const { import: latest } = this.status
    if (latest?.state !== 'verifying' || latest.generation !== wanted)
      return refuse(response, 409, 'NO_IMPORT', 'No such import is being verified.')
    const message = 'The import was cancelled and its session deleted.'
    this.setStatus({ import: { ...latest, state: 'failed', code: 'CANCELLED', message } })
    reply(response, { generation: wanted }, 'Import cancelled')
  }

  private setApp(response: ServerResponse): void {
    this.setStatus({
      app_configured: true,
      state: this.status.state === 'needs_app' ? 'connecting' : this.status.state,
    })
    reply(response, { app_configured: true }, 'Telegram application stored')
  }

  private listAlerts(heard: Heard, response: ServerResponse): void {
    const query = new URL(heard.url, 'http://x').searchParams
    const q = query.get('q')?.toLowerCase() ?? ''
    const fits = this.alerts
      .filter((alert) => alert.text.toLowerCase().includes(q) && alert.score >= Number(query.get('min_score') ?? 0))
      .filter((alert) => stateFits(alert, query.get('state')))
    const from = Number(query.get('cursor') ?? 0)
    const limit = Number(query.get('limit') ?? 50)
    const next = from + limit < fits.length ? String(from + limit) : null
    reply(response, { alerts: fits.slice(from, from + limit), next_cursor: next })
  }

  private change(id: number, body: Buffer, response: ServerResponse): void {
    const alert = this.alerts.find((candidate) => candidate.id === id)
    if (!alert) return refuse(response, 404, 'NOT_FOUND', `There is no alert ${id}.`)
    Object.assign(alert, JSON.parse(body.toString('utf8')))
    reply(response, alert)
    this.emit('alert_changed', alert)
  }

  private stats(): Schemas['StatsReply']['data'] {
    const hour = (ago: number) => new Date(Math.floor(Date.now() / 3_600_000 - ago) * 3_600_000).toISOString()
    const steps = [0, 1, 2, 3, 5, 6, 7, 8, 9, 12, 15, 16, 20, 22, 23]
    const series = steps.map((ago) => ({ at: hour(ago), messages: 40 + ((ago * 37) % 90), alerts: ago % 3 })).reverse()
    const unread = this.alerts.filter((alert) => !alert.read).length
    const alerts = this.alerts.length
    const by_profile = [{ profile_id: 1, name: 'Starter', alerts }]
    const by_chat = [{ chat_id: '-1001234567890', title: 'Releases', messages: 1200, alerts }]
    return {
      since: hour(24),
      messages: 1204,
      alerts,
      unread,
      total_messages: 56012,
      total_alerts: alerts,
      by_profile,
      by_chat,
      series,
    }
  }
}

function stateFits(alert: Alert, state: string | null): boolean {
  if (state === 'dismissed') return alert.dismissed
  if (state === null) return true
  return !alert.dismissed && (state === 'starred' ? alert.starred : alert.read === (state === 'read'))
}

export function reply(response: ServerResponse, data: unknown, message?: string): void {
  response
    .writeHead(200, { 'Content-Type': 'application/json' })
    .end(JSON.stringify({ status: 'ok', message, data, error: null }))
}

export function refuse(response: ServerResponse, status: number, code: string, message: string): void {
  const body = { status: 'error', code, message, data: null, error: { code, message } }
  response.writeHead(status, { 'Content-Type': 'application/json' }).end(JSON.stringify(body))
}

const NO_PROXIES: Schemas['Proxies'] = { source: 'none', used_for: ['telegram'], ip: ['4'], proxies: [] }

export function freshStatus(): Status {
  return {
    authorized: false,
    connected: false,
    user_info: null,
    last_sync: null,
    state: 'signed_out',
    state_message: 'No session yet. Upload one.',
    frozen: null,
    session_generation: 0,
    import: null,
    app_configured: true,
    app_from_environment: true,
    proxy: null,
    flood_wait: null,
    queue: { waiting: 0, interactive: 0, background: 0, oldest_wait_s: 0, running: null, capacity: 1000 },
    sign_in: 'none',
    bot: { state: 'off', username: null, message: 'No bot is set up.' },
    redis: 'off',
    backlog: 0,
    storage: 'ok',
    coverage: {
      is_hearing: true,
      chats: 0,
      open_gaps: 0,
      unfillable_gaps: 0,
      unreadable: 0,
      closed_chats: 0,
      stale_chats: 0,
      worst_staleness_s: 0,
      bound_s: 0,
    },
    health: { is_healthy: true, reason: 'Nobody is signed in.' },
    internal_errors: { count: 0, last_at: null },
    watch: { mode: 'all', watched_chats: null, missing_chats: [], missing_folders: [], problem: null },
    settings_file: null,
    started_at: '2026-11-21T07:59:58.000Z',
    version: '0.1.0',
  }
}

export function sampleAlert(id: number, change: Partial<Alert> = {}): Alert {
  const text = 'URGENT: the zero day is out, @ada please look at the release before noon.'
  const findings = {
    score: 5,
    reasons: [
      {
        ...{ kind: 'keyword' as const, label: 'urgent', category: 'urgency', weight: 2 },
        matches: [{ offset: 0, length: 6 }],
      },
      {
        ...{ kind: 'detector' as const, label: 'mention', weight: 3 },
        matches: [{ offset: text.indexOf('@ada'), length: 4 }],
      },
    ],
    relevance: null,
    is_exploration: false,
    label: null,
    raised_by: 'post' as const,
  }
  return {
    id,
    profile_id: 1,
    profile_name: 'Starter',
    profiles: [{ id: 1, name: 'Starter', ...findings }],
    ...findings,
    link: `https://t.me/releases/${1000 + id}`,
    chat: { id: '-1001234567890', title: 'Releases', kind: 'channel', username: 'releases' },
    sender: { id: '42', name: 'Grace Hopper', username: 'grace' },
    message_id: 1000 + id,
    topic_id: null,
    text,
    medium: null,
    posted_at: new Date(Date.now() - id * 60_000).toISOString(),
    created_at: new Date(Date.now() - id * 60_000).toISOString(),
    read: false,
    starred: false,
    dismissed: false,
    copies: 0,
    copy_chats: 0,
    changes: [],
    snoozed_until: null,
    ...change,
  }
}

export function sampleDigest(id: number): Schemas['Digest'] {
  const at = '2026-11-21T08:00:00.000Z'
  return {
    ...{
      id,
      revision: 1,
      profile_id: 1,
      profile_name: 'Starter',
      destination_id: 1,
      destination_name: 'Saved Messages',
    },
    schedule: { kind: 'daily', at: '09:00', weekday: 'monday' },
    ...{ top_n: 10, min_score: 0, when_empty: 'skip', enabled: true },
    ...{ state: 'scheduled', message: 'It is on.', next_run_at: at, last_run: null, created_at: at, updated_at: at },
  }
}

export function sampleRun(id: number): Schemas['DigestRun'] {
  const [from, to] = ['2026-11-20T08:00:00.000Z', '2026-11-21T08:00:00.000Z']
  return {
    id,
    cause: 'schedule',
    slot_at: to,
    from,
    to,
    alerts: 3,
    state: 'sent',
    message: 'Sent.',
    delivery_id: id,
    made_at: to,
  }
}

function health(response: ServerResponse): void {
  const body = JSON.stringify({ status: 'ok', service: 'tgsentinel', timestamp: new Date().toISOString() })
  response.writeHead(200, { 'Content-Type': 'application/json' }).end(body)
}
