import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { TelegramStage } from '../support/telegram-stage'
import { makeTemporaryFolder, removeFolder } from '../support/temporary-folder'
import { until } from '../support/until'
import { Random } from '../telegram-server/world/random'
import { BackupInBetween } from './backup-in-between'
import { gatherCast, silentChannels, type Cast } from './cast'
import { Chronicle } from './chronicle'
import { CursorWatch } from './cursor-watch'
import { Deeds, KEYWORD } from './deeds'
import { ledgerDifferences } from './ledger-differences'
import { forgottenTexts, messageDifferences } from './message-differences'
import { Mischief } from './mischief'
import { MortalSentinel } from './mortal-sentinel'
import { planOf, type Plan } from './plan'
import { readStored } from './stored'
import { expectationOf, topsOf, type Tops } from './truth'

export interface SeedReport {
  seed: number
  posted: number
  stored: number
  edits: number
  deletions: number
  crashes: number
  seconds: number
  /** Until all was at rest after the trouble was over. */
  restSeconds: number
  cutAt: string[]
  differences: string[]
  /** Where databases, logs and the plan are; null where nothing is wrong. */
  folder: string | null
}

const LOOK_EVERY_MS = 250
/** Nothing may move any more. */
const AFTERWARDS_MS = 300

export interface RunOptions {
  /** Whether Telegram gives up on long differences; the seed says it if left out. */
  tooLong?: boolean
  /** Within so long after the last trouble everything has to be right. */
  patienceMs: number
}

/** One run: posts and trouble from a seed, and whether what is stored in the end is what was posted. */
export async function runSeed(seed: number, options: RunOptions): Promise<SeedReport> {
  const startedAtMs = performance.now()
  const folder = makeTemporaryFolder()
  const run = await SeedRun.open(planOf(seed, options.tooLong), options.patienceMs, folder)
  try {
    await run.play()
  } catch (error) {
    run.differences.push(String((error as Error).stack))
  }
  await run.close()
  const isRight = run.differences.length === 0
  if (isRight) removeFolder(folder)
  else run.leaveTraces()
  const seconds = (performance.now() - startedAtMs) / 1000
  return { ...run.figures(), seed, seconds, differences: run.differences, folder: isRight ? null : folder }
}

class SeedRun {
  readonly differences: string[] = []
  private readonly chronicle = new Chronicle()
  private readonly deeds: Deeds
  private readonly mischief: Mischief
  private readonly sentinels: MortalSentinel[]
  private readonly watch: CursorWatch
  private tops: Tops = new Map()
  private readonly seen = new Map<MortalSentinel, Map<number, string>>()
  private backup: BackupInBetween | undefined
  private stored = 0
  private restSeconds = 0

  private constructor(
    private readonly plan: Plan,
    private readonly stage: TelegramStage,
    private readonly cast: Cast,
    private readonly patienceMs: number,
    private readonly folder: string,
  ) {
    const { control, env } = stage
    this.deeds = new Deeds(control, cast, this.chronicle, new Random(plan.seed))
    this.mischief = new Mischief(control, plan, cast)
    this.sentinels = cast.accounts.map((account, index) => {
      const dataDir = join(folder, `account-${index + 1}`)
      mkdirSync(dataDir)
      return new MortalSentinel(account, dataDir, { ...env, TG_POLLS_PER_MINUTE: '6000' }, plan.lives[index] ?? [])
    })
    this.watch = new CursorWatch(this.sentinels, stage.server.world)
  }

  static async open(plan: Plan, patienceMs: number, folder: string): Promise<SeedRun> {
    const stage = await TelegramStage.open()
    return new SeedRun(plan, stage, await gatherCast(stage.control), patienceMs, folder)
  }

  async play(): Promise<void> {
    await this.deeds.inAllChats(true, { push: 'none' })
    await Promise.all(this.sentinels.map((sentinel) => this.listen(sentinel)))
    this.tops = await topsOf(this.stage.control, this.cast)
    this.watch.begin()
    await this.mischief.begin()
    await this.act()
    await Promise.all(this.sentinels.map((sentinel) => sentinel.revive()))
    await this.end()
    await this.rest()
  }

  async close(): Promise<void> {
    this.watch.close()
    await Promise.all(this.sentinels.map((sentinel) => (sentinel.isAlive ? sentinel.stop() : sentinel.abandon())))
    for (const { account, surprises } of this.sentinels)
      this.differences.push(...surprises.map((text) => `the sentinel of ${account} ${text}`))
    this.differences.push(...this.watch.differences)
    await this.stage.close()
  }

  figures() {
    const { all, edits, deletions } = this.chronicle
    const sum = (of: (sentinel: MortalSentinel) => number) => this.sentinels.reduce((total, one) => total + of(one), 0)
    return {
      ...{ posted: all.filter(({ isOld }) => !isOld).length, edits, deletions },
      ...{ stored: this.stored, restSeconds: this.restSeconds },
      crashes: sum(({ crashes }) => crashes),
      cutAt: this.sentinels.flatMap(({ cutAt }) => cutAt),
    }
  }

  leaveTraces(): void {
    writeFileSync(join(this.folder, 'plan.json'), JSON.stringify(this.plan, null, 1))
    writeFileSync(join(this.folder, 'differences.txt'), this.differences.join('\n'))
    this.sentinels.forEach(({ log }, index) => writeFileSync(join(this.folder, `sentinel-${index + 1}.log`), log))
  }

  /** Signs in, and waits until it knows where every chat stands. */
  private async listen(sentinel: MortalSentinel): Promise<void> {
    const { account, databasePath } = sentinel
    await sentinel.begin()
    const { api } = await sentinel.present()
    for (const { id } of await api.profiles()) await api.deleteProfile(id)
    await api.createProfile({ name: 'Beacon', keywords: { general: { words: [KEYWORD] } }, include_own: true })
    await api.importSession(await this.stage.sessionBytes({ account }))
    const chats = (await this.stage.control.truth({ account })).chats.map(({ chat }) => chat)
    await until('the list of chats to be in the ledger', () => {
      const { coverage, cursors } = readStored(databasePath, account)
      const covered = new Set(coverage.map(({ chatId }) => chatId))
      const boxes = chats.filter((chat) => chat < -1_000_000_000_000).length + 1
      return chats.every((chat) => covered.has(chat)) && cursors.length >= boxes
    })
  }

  /** Deeds and mishaps step by step, evenly over the time that there is. */
  private async act(): Promise<void> {
    const { steps, durationMs } = this.plan
    const startedAtMs = performance.now()
    const migrations = this.cast.toMigrate.map((_, index) => Math.floor((steps * (index + 1)) / 3))
    for (let step = 0; step < steps; step++) {
      await this.mischief.at(step)
      if (migrations.includes(step)) await this.deeds.migrate()
      await this.deeds.next()
      for (const sentinel of this.sentinels) sentinel.tick(step)
      if (step === Math.floor(steps * 0.6)) this.remember()
      const aheadMs = startedAtMs + (durationMs * step) / steps - performance.now()
      await new Promise((resolve) => (aheadMs > 1 ? setTimeout(resolve, aheadMs) : setImmediate(resolve)))
    }
  }

  /** What is said in the middle has to be kept, whatever is said later. */
  private remember(): void {
    for (const sentinel of this.sentinels) {
      const { messages } = readStored(sentinel.databasePath, sentinel.account)
      this.seen.set(sentinel, new Map(messages.map(({ row, text }) => [row, text])))
    }
    const backedUp = this.sentinels[this.plan.seed % this.sentinels.length]
    if (backedUp) this.backup = new BackupInBetween(backedUp, this.folder)
  }

  /** All trouble is over; somehow the sentinels hear of what they missed last. */
  private async end(): Promise<void> {
    const { control } = this.stage
    await this.mischief.end(this.plan.ending === 'word' ? [] : silentChannels(this.cast))
    switch (this.plan.ending) {
      case 'word':
        return this.deeds.inAllChats(false)
      case 'reconnect':
        return control.dropConnections()
      case 'restart':
        return control.restart()
      case 'kill':
        return void (await Promise.all(this.sentinels.map((sentinel) => sentinel.crash())))
      default:
        return this.plan.ending satisfies never
    }
  }

  private async rest(): Promise<void> {
    const startedAtMs = performance.now()
    let found = await this.compare()
    while (found.length > 0 && performance.now() - startedAtMs < this.patienceMs) {
      await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS))
      found = await this.compare()
    }
    this.restSeconds = (performance.now() - startedAtMs) / 1000
    if (found.length === 0) {
      await new Promise((resolve) => setTimeout(resolve, AFTERWARDS_MS))
      found = await this.compare()
    }
    this.differences.push(...found, ...((await this.backup?.differences()) ?? []))
  }

  private async compare(): Promise<string[]> {
    const { control, server } = this.stage
    const differences: string[] = []
    this.stored = 0
    for (const sentinel of this.sentinels) {
      const { account, databasePath } = sentinel
      const stored = readStored(databasePath, account)
      const closed = this.mischief.closedTo(account)
      const expectation = await expectationOf(control, account, this.chronicle, this.tops, closed)
      differences.push(...messageDifferences(stored, expectation))
      differences.push(...ledgerDifferences(stored, expectation, server.world))
      differences.push(...forgottenTexts(this.seen.get(sentinel) ?? new Map(), stored, account))
      this.stored += stored.messages.length
    }
    return differences
  }
}
