import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import { readConfig } from '../src/config'
import { createUi, type Ui, type UiOptions } from '../src/ui'
import { fetchAgain } from '../../../test/support/fetch-again'
import { FakeSentinel, TOKEN } from './fake-sentinel'

export const PASSWORD = 'correct horse battery'
const SESSIONS = join(__dirname, '../../../test/fixtures/sessions')

export interface Reply {
  status: number
  headers: Headers
  body: { status: string; code: string; message: string; data: Record<string, never>; error: unknown }
}

/** A real ui with a real database beside a fake sentinel, and a browser's manners for its requests. */
export class UiHarness {
  readonly sentinel = new FakeSentinel()
  readonly folder = mkdtempSync(join(tmpdir(), 'ui-test-'))
  ui!: Ui
  cookie = ''

  static async start(env: Record<string, string> = {}, options: Partial<UiOptions> = {}): Promise<UiHarness> {
    const harness = new UiHarness()
    await harness.sentinel.start()
    await harness.startUi(env, options)
    return harness
  }

  async startUi(env: Record<string, string> = {}, options: Partial<UiOptions> = {}): Promise<void> {
    const config = readConfig({
      DATA_DIR: this.folder,
      UI_PORT: '0',
      SENTINEL_API_BASE_URL: this.sentinel.baseUrl,
      SENTINEL_API_TOKEN: TOKEN,
      LOG_LEVEL: 'silent',
      ...env,
    })
    this.ui = await createUi(config, {
      webFolder: join(__dirname, 'web-sample'),
      backupPath: join(__dirname, '../dist/backup.js'),
      authorizationMs: 3000,
      pollMs: 50,
      ...options,
    })
  }

  get origin(): string {
    return `http://127.0.0.1:${this.ui.port}`
  }

  async stop(): Promise<void> {
    await this.ui.close()
    await this.sentinel.stop()
    rmSync(this.folder, { recursive: true, force: true })
  }

  /** Sets the password as the first browser; its cookie goes with every request from now on. */
  async setUp(): Promise<void> {
    const reply = await this.post('/api/auth/setup', { password: PASSWORD })
    if (reply.status !== 200) throw new Error(`setup answered ${reply.status}`)
  }

  /** A request as this browser would send it; `headers` with an undefined value are left out. */
  async send(
    method: string,
    path: string,
    init: { json?: unknown; body?: string | FormData; headers?: Record<string, string | undefined> } = {},
  ): Promise<Reply> {
    const all: Record<string, string | undefined> = {
      Origin: this.origin,
      Cookie: this.cookie || undefined,
      ...(init.json === undefined ? {} : { 'Content-Type': 'application/json' }),
      ...init.headers,
    }
    const headers = Object.fromEntries(
      Object.entries(all).filter((entry): entry is [string, string] => entry[1] !== undefined),
    )
    const body = init.json === undefined ? init.body : JSON.stringify(init.json)
    const response = await fetchAgain(`${this.origin}${path}`, {
      method,
      headers,
      redirect: 'manual',
      ...(body === undefined ? {} : { body }),
    })
    const cookie = response.headers.get('set-cookie')?.split(';')[0]
    if (cookie !== undefined && init.headers?.['Cookie'] === undefined)
      this.cookie = cookie === 'session=' ? '' : cookie
    const text = await response.text()
    return { status: response.status, headers: response.headers, body: text ? JSON.parse(text) : null }
  }

  get(path: string, headers: Record<string, string | undefined> = {}): Promise<Reply> {
    return this.send('GET', path, { headers })
  }

  post(path: string, json: unknown, headers: Record<string, string | undefined> = {}): Promise<Reply> {
    return this.send('POST', path, { json, headers })
  }

  upload(bytes: Buffer, query = '', headers: Record<string, string | undefined> = {}, format = ''): Promise<Reply> {
    const form = new FormData()
    if (format) form.append('format', format)
    form.append('session_file', new Blob([new Uint8Array(bytes)]), 'my.session')
    return this.send('POST', `/api/session/upload${query}`, { body: form, headers })
  }
}

export function sessionFile(name: string): Buffer {
  const bytes = readFileSync(join(SESSIONS, name))
  return name.endsWith('.gz') ? gunzipSync(bytes) : bytes
}

/** Waits for a condition; the bound is only there to end a test that fails. */
export async function until(condition: () => boolean | Promise<boolean>, what: string): Promise<void> {
  for (const endsAt = Date.now() + 10_000; Date.now() < endsAt;) {
    if (await condition()) return
    await new Promise((resolve) => setTimeout(resolve, 10))
  }
  throw new Error(`never: ${what}`)
}
