import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createLogger } from '../../services/kernel/src/log'
import { Alerts } from '../../services/sentinel/src/alerts'
import { MemoryBus } from '../../services/sentinel/src/bus/memory'
import { Deliveries } from '../../services/sentinel/src/deliveries/deliveries'
import { Profiles } from '../../services/sentinel/src/profiles'
import { openStore, type Store } from '../../services/sentinel/src/store/store'
import { figure, type Figure } from './figure'
import { Stack } from './stack'
import { Traffic } from './traffic'

const KEYWORD = 'benchmarkword'
const RATE = 250
const SECONDS = 60
const STANDS = [100, 1000, 10_000]
const MEASURED = 200

/** What an alert costs, with few and with many before it, and what stays of the event loop while they come. */
export async function benchAlerts(root: string): Promise<Figure[]> {
  return [...(await raises()), ...(await live(root))]
}

/** From a stored message to its alert, by the product's own parts. */
async function raises(): Promise<Figure[]> {
  const folder = mkdtempSync(join(tmpdir(), 'tgsentinel-bench-alerts-'))
  const store = openStore(join(folder, 'sentinel.db'))
  const [bus, log] = [new MemoryBus(), createLogger('bench', 'silent')]
  const profiles = new Profiles(store, bus, Date.now)
  profiles.create({ name: 'Bench', keywords: { general: { words: [KEYWORD] } }, one_per_story: true }, 'api')
  const alerts = new Alerts({
    store,
    profiles,
    deliveries: new Deliveries(store, bus, Date.now),
    bus,
    log,
    now: Date.now,
  })
  try {
    alerts.start()
    const [traffic, figures] = [new Traffic(), [] as Figure[]]
    for (const stand of STANDS) {
      await raise(store, alerts, bus, traffic, stand - store.messages.lastRow())
      const before = process.cpuUsage()
      await raise(store, alerts, bus, traffic, MEASURED)
      const { user, system } = process.cpuUsage(before)
      // Processor time: how fast the disk takes what was written is another matter.
      const eachMs = (user + system) / 1000 / MEASURED
      figures.push(figure(`a raise with ${stand.toLocaleString('en-US')} alerts`, eachMs, 'ms', 'lower', 3))
    }
    return figures
  } finally {
    alerts.close()
    store.close()
    rmSync(folder, { recursive: true })
  }
}

/** So many messages that all fire, and until each was scored. */
async function raise(store: Store, alerts: Alerts, bus: MemoryBus, traffic: Traffic, count: number): Promise<void> {
  const blank = { topicId: null, replyToId: null, groupedId: null, flags: 0, media: null, chatId: -42 }
  const first = store.messages.lastRow() + 1
  store.transaction(() => {
    for (let messageId = first; messageId < first + count; messageId++) {
      const { senderId, text } = traffic.next()
      const date = Math.floor(Date.now() / 1000)
      store.messages.add(1, { ...blank, messageId, senderId, date, text: `${text} ${KEYWORD} ${messageId}` })
    }
  })
  bus.ring('messages')
  while (alerts.backlog > 0) await new Promise(setImmediate)
}

/** 250 messages a second, every tenth of which fires. */
async function live(root: string): Promise<Figure[]> {
  const stack = new Stack(root)
  try {
    const telegramPort = await stack.startTelegram()
    await stack.control.createAccount({ firstName: 'Bench', username: 'bench' })
    const chats: number[] = []
    for (let index = 0; index < 20; index++)
      chats.push((await stack.control.createSupergroup({ title: `Chat ${index}` })).chat)
    const lagFile = join(stack.folder, 'loop-lag')
    const watch = { NODE_OPTIONS: `--require ${join(root, 'test/support/loop-lag.cjs')}`, LOOP_LAG_FILE: lagFile }
    const { pid } = await stack.startSentinel(telegramPort, watch)
    await stack.signIn()
    await addProfile(stack)
    process.kill(pid, 'SIGUSR2')
    const startedAt = performance.now()
    await stack.control.burst({
      count: RATE * SECONDS,
      chats,
      withKeyword: KEYWORD,
      textFromCorpus: true,
      ratePerSecond: RATE,
    })
    await stack.until(async () => (await standing(stack)).messages >= RATE * SECONDS)
    const seconds = (performance.now() - startedAt) / 1000
    const { p50, p99, max } = JSON.parse(readFileSync(lagFile, 'utf8')) as Record<'p50' | 'p99' | 'max', number>
    const { alerts } = await standing(stack)
    return [
      figure(
        `live with many alerts, of ${RATE} messages/s kept`,
        (RATE * SECONDS) / seconds,
        'messages/s',
        'higher',
        245,
      ),
      figure('live with many alerts, alerts raised', alerts, 'alerts', 'higher', (RATE * SECONDS) / 10),
      figure('live with many alerts, event loop late, p50', p50, 'ms', 'lower'),
      figure('live with many alerts, event loop late, p99', p99, 'ms', 'lower', 20),
      figure('live with many alerts, event loop late, at most', max, 'ms', 'lower', 100),
    ]
  } finally {
    await stack.close()
  }
}

async function addProfile(stack: Stack): Promise<void> {
  const profile = { name: 'Bench', keywords: { general: { words: [KEYWORD] } }, one_per_story: true }
  await fetch(`${stack.sentinelUrl}/api/profiles`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(profile),
  })
}

/** What is stored and scored, and the alerts that came of it. */
async function standing(stack: Stack): Promise<{ messages: number; alerts: number }> {
  const { backlog } = await stack.get<{ backlog: number }>('/api/status')
  const stats = await stack.get<{ total_messages: number; total_alerts: number }>('/api/stats')
  return { messages: stats.total_messages - backlog, alerts: stats.total_alerts }
}
