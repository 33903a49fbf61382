import { readFileSync } from 'node:fs'
import { setTimeout as delay } from 'node:timers/promises'
import { RedisDelegate } from '../support/redis-delegate'
import type { RedisProcess } from '../support/redis-process'
import { SentinelProcess, TOKEN } from '../support/sentinel-process'
import type { SignInStage } from '../support/sign-in-stage'
import { until } from '../support/until'
import { Caller, type Answered } from './caller'

export interface StressOptions {
  seconds: number
  concurrency: number
  log: (line: string) => void
}

export interface StressReport {
  calls: number
  perSecond: number
  /** Calls that hung up on purpose. */
  hungUp: number
  /** Calls that got no answer at all though they waited for one. */
  lost: string[]
  /** By status and code. */
  outcomes: Record<string, number>
  /** Answers that have no place in a stress: 500, a lock error. */
  wrong: string[]
  overlappingPairs: number
  overlaps: unknown[]
  maxInFlight: number
  /** Resident megabytes at the end of each quarter. */
  memoryMb: number[]
  /** What happened in the middle, and how it ended. */
  events: string[]
}

const PHONE = '+12025550143'
const LOCKED = /database is locked|SQLITE_BUSY|SQLITE_LOCKED/i

interface World {
  stage: SignInStage
  chats: number[]
}

/** Prepares an account with chats, people, photos and a bot, and signs it in. */
export async function prepare(stage: SignInStage): Promise<World> {
  const { control } = stage
  await control.createAccount({ firstName: 'Alex', phone: PHONE })
  const bot = (await control.createUser({ firstName: 'Father', username: 'BotFather', isBot: true })).id
  await control.setBotReplies({ bot, replies: [{ texts: ['Alright.'] }] })
  const chats: number[] = []
  for (let number = 1; number <= 40; number++) {
    const { chat } = await control.createSupergroup({ title: `Group ${number}` })
    chats.push(chat)
    await control.postMessage({ chat, text: `the first of ${number}` })
  }
  await control.addParticipants({ chat: chats[0] as number, count: 150 })
  await control.setPhoto({ peer: chats[0] as number, dc: 2 })
  await control.setPhoto({ peer: chats[1] as number, dc: 4 })
  await stage.signIn(PHONE)
  await until('the list of chats', async () => {
    const reply = await stage.sentinel.api.request<{ data: { total: number } }>('GET', '/api/telegram/chats')
    return reply.body.data.total >= 40
  })
  await control.clearCalls()
  return { stage, chats }
}

/** Calls of every kind, from many at once, while a session comes, another one is refused, and Telegram asks to wait. */
export async function stress(world: World, redis: RedisProcess, options: StressOptions): Promise<StressReport> {
  const { stage } = world
  const caller = new Caller(stage.sentinel.port, TOKEN, options.concurrency)
  const report: StressReport = {
    ...{ calls: 0, perSecond: 0, hungUp: 0, lost: [], outcomes: {}, wrong: [] },
    ...{ overlappingPairs: 0, overlaps: [], maxInFlight: 0, memoryMb: [], events: [] },
  }
  const endMs = Date.now() + options.seconds * 1000
  const workers = Array.from({ length: options.concurrency }, (_, index) => work(world, caller, report, index, endMs))
  const delegated = delegate(new RedisDelegate(redis.client(), TOKEN), report, endMs)
  await Promise.all([...workers, delegated, middle(world, report, options), measure(world, report, options)])
  caller.close()
  report.perSecond = Math.round(report.calls / options.seconds)
  const order = await stage.control.callOrder()
  report.overlappingPairs = order.overlappingPairs
  report.overlaps = order.examples
  report.maxInFlight = (await stage.control.calls()).maxInFlight
  if (LOCKED.test(stage.sentinel.output)) report.wrong.push('a lock error in the log')
  return report
}

/** One of many: calls of every kind, one after another, beginning at its own place in the list. */
async function work(world: World, caller: Caller, report: StressReport, index: number, endMs: number): Promise<void> {
  for (let turn = index; Date.now() < endMs; turn++) {
    const [method, path, body] = callOf(world, turn)
    const hangUp = turn % 17 === 0 ? 5 + (turn % 40) : undefined
    try {
      const answer = await caller.call(method, path, body, hangUp)
      if (answer) judge(report, `${method} ${path}`, answer)
      else report.hungUp++
    } catch (error) {
      report.lost.push(`${method} ${path}: ${(error as Error).message}`)
    }
    report.calls++
  }
}

function callOf({ chats }: World, turn: number): [method: string, path: string, body?: unknown] {
  const chat = chats[turn % chats.length] as number
  const of = (part = '') => `/api/telegram/chats/${chat}${part}`
  const calls: [string, string, unknown?][] = [
    ['GET', '/api/status'],
    ['GET', '/api/telegram/chats?limit=50'],
    ['GET', of()],
    ['GET', of('/participants?limit=100')],
    ['GET', of('/messages?limit=20')],
    ['GET', `/api/telegram/chats/${chats[turn % 2]}/photo`],
    ['GET', '/api/telegram/users'],
    ['GET', '/api/session'],
    ['GET', '/api/alerts?limit=20'],
    ['GET', '/api/stats'],
    ['GET', '/api/telegram/watch'],
    ['GET', '/api/session/sign-in'],
    ['GET', '/metrics'],
    ['POST', '/api/telegram/chats/refresh'],
    ['POST', '/api/telegram/test-message', {}],
    ['POST', '/api/telegram/relay', { chat: '@BotFather', text: 'hello', limit: turn % 2, timeout_s: 1 }],
    ['PUT', '/api/profiles/1', { name: 'Stress', keywords: { general: { words: [`word${turn % 100}`] } } }],
    ['PUT', '/api/telegram/watch', { mode: 'all' }],
  ]
  return calls[turn % calls.length] as [string, string, unknown?]
}

function judge(report: StressReport, what: string, { status, text }: Answered): void {
  const code = status >= 400 ? ` ${/"code":"(\w+)"/.exec(text)?.[1] ?? '?'}` : ''
  const key = `${status}${code}`
  report.outcomes[key] = (report.outcomes[key] ?? 0) + 1
  if (status === 500 || status === 0 || LOCKED.test(text)) report.wrong.push(`${what} -> ${key}`)
}

/** Another program asks through Redis meanwhile. */
async function delegate(program: RedisDelegate, report: StressReport, endMs: number): Promise<void> {
  while (Date.now() < endMs) {
    const answer = await program.request('get_dialogs').catch((error: Error) => {
      report.lost.push(`redis get_dialogs: ${error.message}`)
      return { status: 'lost' }
    })
    const key = `redis ${answer.status}`
    report.outcomes[key] = (report.outcomes[key] ?? 0) + 1
  }
}

/** In the middle: Telegram asks to wait, a second process comes, somebody signs in, a file is imported. */
async function middle({ stage }: World, report: StressReport, { seconds, log }: StressOptions): Promise<void> {
  const tell = (event: string) => {
    report.events.push(event)
    log(event)
  }
  await delay(seconds * 200)
  await stage.control.floodWait({ method: 'messages.getHistory', seconds: Math.ceil(seconds / 10), times: 1 })
  tell('FLOOD_WAIT on messages.getHistory')
  const second = SentinelProcess.spawn({ dataDir: `${stage.sentinel.dataDir}`, env: stage.env })
  const { code } = await second.exited
  tell(
    `a second process ended with ${code}: ${/another|in use|already/i.test(second.stderr) ? 'the session is taken' : second.stderr.slice(0, 200)}`,
  )
  tell(`sign-in by phone: ${await signIn(stage)}`)
  await delay(seconds * 200)
  tell(`import: ${await importFile(stage)}`)
}

async function signIn(stage: SignInStage): Promise<string> {
  const started = await stage.step('', { phone: PHONE })
  if (started.status !== 200) return JSON.stringify(started.body)
  const { code } = await stage.control.lastCode({ phone: PHONE })
  return (await stage.step('code', { code })).body.data.step
}

async function importFile(stage: SignInStage): Promise<string> {
  const path = `${stage.sentinel.dataDir}/import.session`
  await stage.control.writeSessionFile({ path })
  const { generation } = await stage.sentinel.api.importSession(readFileSync(path))
  await until(
    'the import to be in force',
    async () => {
      const status = await stage.sentinel.api.status()
      return status.session_generation === generation && status.authorized
    },
    60_000,
  )
  return `generation ${generation} in force`
}

async function measure({ stage }: World, report: StressReport, { seconds, log }: StressOptions): Promise<void> {
  for (let quarter = 1; quarter <= 4; quarter++) {
    await delay(seconds * 250)
    const status = readFileSync(`/proc/${stage.sentinel.pid}/status`, 'utf8')
    const megabytes = Math.round(Number(/VmRSS:\s+(\d+)/.exec(status)?.[1] ?? 0) / 1024)
    report.memoryMb.push(megabytes)
    log(`${quarter * 25} %: ${report.calls} calls, ${megabytes} MB`)
  }
}
