import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import autocannon from 'autocannon'
import { openStore } from '../../services/sentinel/src/store/store'
import { figure, type Figure } from './figure'
import { Stack } from './stack'

const SECONDS = 4
const CONNECTIONS = 20

interface Load {
  name: string
  path: string
  /** Paths to ask for in turn, so that no reply is given twice in a row. */
  paths?: string[]
  target?: number
}

const ANY_SIZE: Load[] = [
  { name: 'GET /api/health', path: '/api/health' },
  { name: 'GET /api/status', path: '/api/status', target: 10_000 },
  { name: 'GET /api/stats', path: '/api/stats', target: 4000 },
]

/** Requests per second and p99 over databases of several sizes. */
export async function benchApi(root: string): Promise<Figure[]> {
  const figures: Figure[] = []
  for (const rows of [1000, 100_000, 1_000_000]) {
    const stack = new Stack(root)
    try {
      fill(stack.folder, rows)
      await stack.startSentinel(1)
      const loads = rows === 1000 ? ANY_SIZE : []
      for (const load of [...loads, ...alertLoads(rows)]) figures.push(...(await measure(stack.sentinelUrl, load)))
    } finally {
      await stack.close()
    }
  }
  return figures
}

function alertLoads(rows: number): Load[] {
  const size = rows.toLocaleString('en')
  const cursor = Math.floor(rows / 2)
  return [
    { name: `100 alerts of ${size}, newest`, path: '/api/alerts?limit=100', target: 3000 },
    { name: `100 alerts of ${size}, by cursor`, path: `/api/alerts?limit=100&cursor=${cursor}` },
    { name: `100 alerts of ${size}, another page each time`, path: '', paths: pagesOf(rows) },
    { name: `100 alerts of ${size}, by text`, path: '/api/alerts?limit=100&q=outage' },
    { name: `100 alerts of ${size}, by chat`, path: '/api/alerts?limit=100&chat=-1000000000007' },
  ]
}

/** Far more pages than the service keeps replies of. */
function pagesOf(rows: number): string[] {
  return Array.from(
    { length: 997 },
    (_, index) => `/api/alerts?limit=100&cursor=${rows - Math.floor((index * rows) / 1000)}`,
  )
}

async function measure(url: string, { name, path, paths = [path], target }: Load): Promise<Figure[]> {
  const requests = paths.map((each) => ({ path: each }))
  const result = await autocannon({ url, requests, connections: CONNECTIONS, duration: SECONDS })
  if (result.non2xx > 0 || result.errors > 0)
    throw new Error(`${path}: ${result.non2xx} refused, ${result.errors} failed`)
  return [
    figure(name, result.requests.average, 'requests/s', 'higher', target),
    figure(`${name}, p99`, result.latency.p99, 'ms', 'lower'),
  ]
}

/** Alerts as the product writes them, by its own store. */
function fill(folder: string, rows: number): void {
  mkdirSync(join(folder, 'sentinel'), { recursive: true })
  const store = openStore(join(folder, 'sentinel', 'sentinel.db'))
  const topics = ['deploy', 'outage', 'release', 'vulnerability', 'meeting', 'invoice', 'уязвимость']
  for (let from = 0; from < rows; from += 20_000)
    store.transaction(() => fillBatch(store, from, Math.min(rows, from + 20_000), topics))
  store.settings.set('scored_up_to', store.messages.lastRow())
  store.close()
}

function fillBatch(store: ReturnType<typeof openStore>, from: number, to: number, topics: string[]): void {
  for (let index = from; index < to; index++) {
    const chatId = -1_000_000_000_000 - (index % 200)
    const text = `Message ${index}: the ${topics[index % topics.length]} of service ${index % 977} needs somebody to look at it before noon.`
    const date = 1_700_000_000 + index * 30
    const facts = {
      chatId,
      messageId: index,
      topicId: null,
      senderId: 5000 + (index % 300),
      replyToId: null,
      media: null,
      groupedId: null,
    }
    store.messages.add(1, { ...facts, date, text, flags: 0 })
    if (index < 200) store.chats.saveChat({ id: chatId, kind: 'supergroup', title: `Chat ${index}`, username: null })
    const reasons = [
      {
        kind: 'keyword' as const,
        label: 'somebody',
        category: 'action',
        weight: 2,
        matches: [{ offset: 40, length: 8 }],
      },
    ]
    const finding = {
      ...{ id: 1, name: 'Starter', score: 2, reasons, relevance: null },
      ...{ is_exploration: false, label: null, raised_by: 'post' as const },
    }
    store.alerts.add({ messageRow: index + 1, chatId, text, profiles: [finding], createdAtMs: date * 1000 })
    store.traffic.countAlert(Math.floor(date / 3600), chatId, [1])
  }
}
