import { join } from 'node:path'
import type { TestProcess } from '../support/child-process'
import { SentinelProcess } from '../support/sentinel-process'
import type { Life } from './plan'

const CRASH_SCRIPT = join(__dirname, '../support/crash.cjs')

/** A sentinel that dies as it is planned, and comes back: each life is a process of its own over the same folder. */
export class MortalSentinel {
  /** Boundaries at which it was really cut. */
  readonly cutAt: string[] = []
  crashes = 0
  /** What nobody had planned. */
  readonly surprises: string[] = []
  private process: SentinelProcess | undefined
  private readonly lives: Life[]
  private readonly past: TestProcess[] = []
  private life: Life | undefined
  private isDue = false
  private isFinal = false
  private isKilled = false
  private birth: Promise<void> = Promise.resolve()

  constructor(
    readonly account: number,
    readonly dataDir: string,
    private readonly env: Record<string, string>,
    lives: readonly Life[],
  ) {
    this.lives = [...lives]
  }

  /** Resolves once it listens. */
  begin(): Promise<void> {
    this.life = this.isFinal ? undefined : this.lives.shift()
    const { end = '' } = this.life ?? {}
    this.isDue = this.isKilled = false
    const crashAt = end.includes(':') ? { CRASH_AT: end } : {}
    this.birth = this.live({ ...this.env, ...crashAt })
    return this.birth
  }

  /** Has what is due happen. */
  tick(step: number): void {
    const { life, process } = this
    if (!life || !process) return
    if (!this.isDue && step >= life.fromStep) {
      this.isDue = true
      process.kill(life.end === 'stop' ? 'SIGTERM' : life.end === 'kill' ? 'SIGKILL' : 'SIGUSR2')
    }
    if (step < life.untilStep || this.isKilled) return
    this.isKilled = true
    process.kill('SIGKILL')
  }

  /** From now on it lives: resolves once it listens. */
  async revive(): Promise<SentinelProcess> {
    this.isFinal = true
    this.life = undefined
    while (!this.process) {
      await this.birth
      if (!this.process) await new Promise((resolve) => setTimeout(resolve, 20))
    }
    return this.process
  }

  get isAlive(): boolean {
    return this.process !== undefined && !this.process.end
  }

  /** The process of now. */
  async present(): Promise<SentinelProcess> {
    await this.birth
    if (!this.process) throw new Error(`The sentinel of ${this.account} is away`)
    return this.process
  }

  /** Once more, and it comes back at once. */
  async crash(): Promise<void> {
    const present = await this.revive()
    await present.crash()
    await this.revive()
  }

  /** For good. */
  async stop(): Promise<void> {
    const present = await this.revive()
    this.process = undefined
    const end = await present.stop().catch((error: Error) => ({ code: error.message }))
    if (end.code !== 0) this.surprises.push(`ended with ${end.code} when it was to stop`)
  }

  /** Ends whatever there is, without a word. */
  async abandon(): Promise<void> {
    this.isFinal = true
    await this.birth.catch(() => undefined)
    if (this.process && !this.process.end) await this.process.crash()
  }

  get databasePath(): string {
    return join(this.dataDir, 'sentinel', 'sentinel.db')
  }

  /** What all its processes said. */
  get log(): string {
    return this.past.map(({ stdout, stderr }, index) => `--- life ${index + 1}\n${stdout}${stderr}`).join('\n')
  }

  private async live(env: Record<string, string>): Promise<void> {
    const process = await SentinelProcess.start({ dataDir: this.dataDir, env, preload: CRASH_SCRIPT })
    this.past.push(process)
    this.process = process
    void process.exited.then(() => this.follow(process))
  }

  /** After an end that was planned it comes back; another one is told, and it comes back as well. */
  private async follow({ end, stderr }: SentinelProcess): Promise<void> {
    if (!this.process) return
    const { life } = this
    this.process = undefined
    this.crashes += 1
    if (end?.signal === 'SIGKILL' && !this.isKilled && life?.end.includes(':')) this.cutAt.push(life.end)
    if (end?.signal !== 'SIGKILL' && !(life?.end === 'stop' && end?.code === 0))
      this.surprises.push(`ended by itself: ${JSON.stringify(end)} ${stderr.slice(-500)}`)
    await new Promise((resolve) => setTimeout(resolve, life?.awayMs ?? 0))
    await this.begin().catch((error: Error) => this.surprises.push(`did not come back: ${error.message}`))
  }
}
