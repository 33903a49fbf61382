import { spawn, type ChildProcess } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { freePort } from '../support/free-port'
import { createControlClient } from '../telegram-server/control-client'
import type { Control } from '../telegram-server/control/control'

export const PASSWORD = 'a password for the bench'

/** The built services as processes of their own, in a folder of their own. */
export class Stack {
  readonly folder = mkdtempSync(join(tmpdir(), 'tgsentinel-bench-'))
  private readonly children: ChildProcess[] = []
  sentinelUrl = ''
  uiUrl = ''
  control!: Control

  constructor(private readonly root: string) {}

  async startTelegram(): Promise<number> {
    const child = this.spawn(
      'test/telegram-server/dist/main.js',
      ['--port', '0', '--control-port', '0', '--seed', '1'],
      {},
      'pipe',
    )
    const line = await new Promise<string>((resolve) =>
      child.stdout?.once('data', (data) => resolve(String(data).split('\n')[0] ?? '')),
    )
    const { port, controlPort } = JSON.parse(line) as { port: number; controlPort: number }
    this.control = createControlClient(controlPort)
    return port
  }

  /** Milliseconds from spawning to the first 200 of /api/health. */
  async startSentinel(
    telegramPort: number,
    more: Record<string, string> = {},
  ): Promise<{ pid: number; startMs: number }> {
    const port = await freePort()
    this.sentinelUrl = `http://127.0.0.1:${port}`
    const env = {
      SENTINEL_API_PORT: String(port),
      TG_API_ID: '1',
      TG_API_HASH: '0'.repeat(32),
      TG_DC_ALLOW: `127.0.0.1:${telegramPort}`,
      DATA_DIR: this.folder,
      ...more,
    }
    return this.startService('services/sentinel/dist/main.js', env, this.sentinelUrl)
  }

  async startUi(): Promise<{ pid: number; startMs: number }> {
    const port = await freePort()
    this.uiUrl = `http://127.0.0.1:${port}`
    const env = {
      UI_PORT: String(port),
      SENTINEL_API_BASE_URL: `${this.sentinelUrl}/api`,
      UI_ADMIN_PASSWORD: PASSWORD,
      DATA_DIR: this.folder,
    }
    return this.startService('services/ui/dist/main.js', env, this.uiUrl)
  }

  /** Imports an account's session and waits until the sentinel is signed in with it. */
  async signIn(): Promise<void> {
    const path = join(this.folder, 'bench.session')
    rmSync(path, { force: true })
    await this.control.writeSessionFile({ path })
    const body = JSON.stringify({ session_data: readFileSync(path).toString('base64') })
    await fetch(`${this.sentinelUrl}/api/session/import`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body,
    })
    await this.until(async () => (await this.get<{ authorized: boolean }>('/api/status')).authorized)
  }

  async get<T>(path: string): Promise<T> {
    const reply = await fetch(this.sentinelUrl + path)
    return ((await reply.json()) as { data: T }).data
  }

  async until(isSo: () => Promise<boolean>): Promise<void> {
    const deadline = Date.now() + 120_000
    while (!(await isSo())) {
      if (Date.now() > deadline) throw new Error('waited in vain')
      await delay(20)
    }
  }

  /** Ends one of the processes as an operator would. */
  async stop(pid: number): Promise<void> {
    const child = this.children.find((one) => one.pid === pid)
    child?.kill('SIGTERM')
    if (child?.exitCode === null) await new Promise((resolve) => child.once('exit', resolve))
  }

  async close(): Promise<void> {
    for (const child of this.children) child.kill('SIGTERM')
    await Promise.all(
      this.children.map((child) => child.exitCode ?? new Promise((resolve) => child.once('exit', resolve))),
    )
    rmSync(this.folder, { recursive: true, force: true })
  }

  private async startService(
    bundle: string,
    env: Record<string, string>,
    url: string,
  ): Promise<{ pid: number; startMs: number }> {
    const startedAt = performance.now()
    const child = this.spawn(bundle, [], env, 'ignore')
    for (;;) {
      const isUp = await fetch(`${url}/api/health`).then(
        (reply) => reply.ok,
        () => false,
      )
      if (isUp) return { pid: child.pid ?? 0, startMs: performance.now() - startedAt }
      if (child.exitCode !== null) throw new Error(`${bundle} ended with ${child.exitCode}`)
      await delay(10)
    }
  }

  private spawn(bundle: string, args: string[], env: Record<string, string>, stdout: 'pipe' | 'ignore'): ChildProcess {
    const path = { PATH: process.env['PATH'] ?? '', LOG_LEVEL: 'warn' }
    const child = spawn(process.execPath, ['--max-semi-space-size=2', join(this.root, bundle), ...args], {
      env: { ...path, ...env },
      stdio: ['ignore', stdout, 'inherit'],
    })
    this.children.push(child)
    return child
  }
}

/** Resident memory of a process in MB, from the kernel. */
export function residentMb(pid: number): number {
  const kb = /VmRSS:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]
  return Number(kb) / 1024
}

/** The same with pages that several processes share (Node's own code, above all) divided among them. */
export function proportionalMb(pid: number): number {
  const kb = /^Pss:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8'))?.[1]
  return Number(kb) / 1024
}
