import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { figure, type Figure } from './figure'
import { residentMb, Stack } from './stack'

const BACKLOG = 100_000
const CHATS = 150
const BURST = 60_000
const SILENT = 1000
const SILENT_POLLS_PER_MINUTE = 6000
const WATCHED_FOR_MS = 45_000

/** What the sentinel does after an absence, in a burst, and with channels that nobody pushes. */
export async function benchCatchUp(root: string): Promise<Figure[]> {
  return [...(await backlog(root)), ...(await silence(root))]
}

async function backlog(root: string): Promise<Figure[]> {
  const stack = new Stack(root)
  try {
    const port = await stack.startTelegram()
    await stack.control.createAccount({ firstName: 'Bench', username: 'bench' })
    const chats = await makeChannels(stack, CHATS)
    const first = await stack.startSentinel(port)
    await stack.signIn()
    await stack.until(async () => (await chatsKnown(stack)) >= CHATS)
    await stack.stop(first.pid)
    await stack.control.burst({ count: BACKLOG, chats, textFromCorpus: true, push: 'none' })
    const delayFile = join(stack.folder, 'loop-delay')
    const watch = { NODE_OPTIONS: `--require ${join(root, 'test/support/loop-delay.cjs')}`, LOOP_DELAY_FILE: delayFile }
    const { pid } = await stack.startSentinel(port, watch)
    const startedAt = performance.now()
    await stack.until(async () => (await stack.get<{ connected: boolean }>('/api/status')).connected)
    // What loading the program takes is another figure.
    process.kill(pid, 'SIGUSR2')
    const memory = await peakUntil(stack, pid, async () => (await stored(stack)) >= BACKLOG)
    const seconds = (performance.now() - startedAt) / 1000
    await stack.until(async () => (await stack.get<{ backlog: number }>('/api/status')).backlog === 0)
    const caughtUpLateMs = Number(readFileSync(delayFile, 'utf8'))
    process.kill(pid, 'SIGUSR2')
    const liveBehind = await burst(stack, chats)
    await stack.until(async () => (await stack.get<{ waiting: number }>('/api/search?q=zyxwv')).waiting === 0)
    const live = await burst(stack, chats)
    return [
      figure('a backlog of 100,000 in 150 channels, caught up', BACKLOG / seconds, 'messages/s', 'higher', 10_000),
      figure('resident while catching up, at most', memory.peakMb, 'MB', 'lower'),
      figure('resident at the last tenth beside the first half', memory.growthMb, 'MB more', 'lower'),
      figure('a timer while catching up, at most late', caughtUpLateMs, 'ms', 'lower'),
      figure('live, while search still takes in the backlog', liveBehind, 'messages/s', 'higher'),
      figure('live, with the engine on', live, 'messages/s', 'higher', 12_000),
      figure('a timer in a live burst, at most late', Number(readFileSync(delayFile, 'utf8')), 'ms', 'lower', 50),
    ]
  } finally {
    await stack.close()
  }
}

async function burst(stack: Stack, chats: number[]): Promise<number> {
  const before = await stored(stack)
  const startedAt = performance.now()
  const posting = stack.control.burst({ count: BURST, chats, textFromCorpus: true })
  await stack.until(async () => (await stored(stack)) >= before + BURST)
  const seconds = (performance.now() - startedAt) / 1000
  await posting
  return BURST / seconds
}

/** A thousand channels that are never pushed, of which every tenth is posted to now and then. */
async function silence(root: string): Promise<Figure[]> {
  const stack = new Stack(root)
  try {
    const port = await stack.startTelegram()
    await stack.control.createAccount({ firstName: 'Bench', username: 'bench' })
    const chats = await makeChannels(stack, SILENT)
    for (const chat of chats) await stack.control.setPushed({ chat, pushed: false })
    await stack.control.setChannelTimeout({ seconds: 1 })
    await stack.startSentinel(port, { TG_POLLS_PER_MINUTE: String(SILENT_POLLS_PER_MINUTE) })
    await stack.signIn()
    await stack.until(async () => (await chatsKnown(stack)) >= SILENT)
    let worst = 0
    let bound = 0
    let posted = 0
    for (const until = Date.now() + WATCHED_FOR_MS; Date.now() < until;) {
      await stack.control.postMessage({ chat: chats[(posted * 37) % SILENT] ?? 0, text: `silent ${posted++}` })
      const { coverage } = await stack.get<{ coverage: { worst_staleness_s: number; bound_s: number } }>('/api/status')
      worst = Math.max(worst, coverage.worst_staleness_s)
      bound = Math.max(bound, coverage.bound_s)
      await delay(200)
    }
    await stack.until(async () => (await stored(stack)) >= posted)
    return [
      figure('1,000 silent channels at 100 polls a second, longest without', worst, 's', 'lower', bound),
      figure('the bound that is stated for them', bound, 's', 'lower'),
    ]
  } finally {
    await stack.close()
  }
}

async function makeChannels(stack: Stack, number: number): Promise<number[]> {
  const chats: number[] = []
  for (let index = 0; index < number; index++) {
    const { chat } = await stack.control.createChannel({ title: `Channel ${index}` })
    await stack.control.postMessage({ chat, text: 'welcome', push: 'none' })
    chats.push(chat)
  }
  return chats
}

async function chatsKnown(stack: Stack): Promise<number> {
  return (await stack.get<{ coverage: { chats: number } }>('/api/status')).coverage.chats
}

async function stored(stack: Stack): Promise<number> {
  return (await stack.get<{ total_messages: number }>('/api/stats')).total_messages
}

/** Resident memory until it is so: the greatest, and by how much the end is above the middle. */
async function peakUntil(stack: Stack, pid: number, isSo: () => Promise<boolean>) {
  const samples: number[] = []
  await stack.until(async () => {
    samples.push(residentMb(pid))
    return isSo()
  })
  const average = (values: number[]) => values.reduce((sum, value) => sum + value, 0) / Math.max(1, values.length)
  const middle = average(samples.slice(samples.length * 0.25, samples.length * 0.5))
  const end = average(samples.slice(-Math.ceil(samples.length / 10)))
  return { peakMb: Math.max(...samples), growthMb: end - middle }
}
