import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { components } from '../../openapi/generated/sentinel'
import { startTelegramServer, type TelegramServer } from '../telegram-server/server'
import type { Control } from '../telegram-server/control/control'
import type { FailureBody, Reply } from './api-client'
import { SentinelProcess } from './sentinel-process'
import { APP } from './telegram-stage'
import { makeTemporaryFolder, removeFolder } from './temporary-folder'
import { until } from './until'

export type SignInView = components['schemas']['SignIn']
type Answer = Reply<Omit<FailureBody, 'data' | 'status'> & { data: SignInView }>

/** A simulated Telegram of several data centres that a sentinel may sign in to from nothing, and that sentinel. */
export class SignInStage {
  private readonly folder = makeTemporaryFolder()
  sentinel!: SentinelProcess

  private constructor(
    readonly server: TelegramServer,
    private readonly environment: Record<string, string>,
  ) {}

  static async open(more: Record<string, string> = {}, preload?: string): Promise<SignInStage> {
    const server = await startTelegramServer({ dcs: [2, 4] })
    const stage = new SignInStage(server, more)
    const keys = join(stage.folder, 'keys.pem')
    writeFileSync(keys, (await server.control.state()).publicKey.pkcs1)
    await stage.start(preload)
    return stage
  }

  get control(): Control {
    return this.server.control
  }

  get env(): Record<string, string> {
    const { ports } = this.server
    return {
      ...APP,
      TG_DC_ALLOW: Object.values(ports)
        .map((port) => `127.0.0.1:${port}`)
        .join(','),
      TG_DC_START: `2@127.0.0.1:${ports[2]}`,
      TG_DC_PUBLIC_KEYS: join(this.folder, 'keys.pem'),
      ...this.environment,
    }
  }

  /** The sentinel, on the same data as the one before. */
  async start(preload?: string): Promise<void> {
    const options = { dataDir: join(this.folder, 'data'), env: this.env, ...(preload ? { preload } : {}) }
    this.sentinel = await SentinelProcess.start(options)
  }

  /** One step of a sign-in: the part of the path after /api/session/sign-in. */
  step(name = '', json?: unknown): Promise<Answer> {
    const path = `/api/session/sign-in${name && `/${name}`}`
    return this.sentinel.api.request('POST', path, json === undefined ? {} : { json })
  }

  async view(): Promise<SignInView> {
    return (await this.sentinel.api.request<{ data: SignInView }>('GET', '/api/session/sign-in')).body.data
  }

  async reaches(step: SignInView['step']): Promise<SignInView> {
    return until(`the step ${step}`, async () => {
      const view = await this.view()
      return view.step === step && view
    })
  }

  /** By phone and code, at once. */
  async signIn(phone: string): Promise<void> {
    await this.step('', { phone })
    const { code } = await this.control.lastCode({ phone })
    const { status, body } = await this.step('code', { code })
    if (status !== 200) throw new Error(JSON.stringify(body))
  }

  async close(): Promise<void> {
    await this.sentinel.stop()
    await this.server.close()
    removeFolder(this.folder)
  }
}
