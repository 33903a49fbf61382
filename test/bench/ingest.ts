import { figure, percentile, type Figure } from './figure'
import { PASSWORD, proportionalMb, residentMb, Stack } from './stack'

const BURST = 60_000
const LATENCY_MESSAGES = 3000
const KEYWORD = 'benchmarkword'

/** From the wire to the stored and scored row, from the wire to an event in the browser, start-up and memory. */
export async function benchIngest(root: string): Promise<Figure[]> {
  const stack = new Stack(root)
  try {
    const telegramPort = await stack.startTelegram()
    await stack.control.createAccount({ firstName: 'Bench', username: 'bench' })
    const chats = []
    for (let index = 0; index < 20; index++)
      chats.push((await stack.control.createSupergroup({ title: `Chat ${index}` })).chat)
    const sentinel = await stack.startSentinel(telegramPort)
    const ui = await stack.startUi()
    await stack.signIn()
    await addProfile(stack)
    const idleMb = residentMb(sentinel.pid) + residentMb(ui.pid)
    const idleOwnMb = proportionalMb(sentinel.pid) + proportionalMb(ui.pid)
    const latencies = await latenciesToBrowser(stack, chats)
    const one = await ingestRate(stack, chats, 1)
    const ten = await ingestRate(stack, chats, 10)
    const loadedMb = residentMb(sentinel.pid) + residentMb(ui.pid)
    const loadedOwnMb = proportionalMb(sentinel.pid) + proportionalMb(ui.pid)
    return [
      figure('ingest, one message an envelope', one, 'messages/s', 'higher', 12_000),
      figure('ingest, ten messages an envelope', ten, 'messages/s', 'higher'),
      figure('wire to browser event, p50', percentile(latencies, 0.5), 'ms', 'lower'),
      figure('wire to browser event, p99', percentile(latencies, 0.99), 'ms', 'lower', 50),
      figure('sentinel, start to first 200', sentinel.startMs, 'ms', 'lower'),
      figure('ui, start to first 200', ui.startMs, 'ms', 'lower'),
      figure('both, start to first 200', sentinel.startMs + ui.startMs, 'ms', 'lower', 1500),
      figure('both, resident, idle and signed in', idleMb, 'MB', 'lower', 150),
      figure('both, resident, after the load', loadedMb, 'MB', 'lower', 250),
      figure('both, shared pages counted once, idle', idleOwnMb, 'MB', 'lower'),
      figure('both, shared pages counted once, loaded', loadedOwnMb, 'MB', 'lower'),
    ]
  } finally {
    await stack.close()
  }
}

async function addProfile(stack: Stack): Promise<void> {
  const body = JSON.stringify({ name: 'Bench', keywords: { general: { words: [KEYWORD], weight: 5 } } })
  await fetch(`${stack.sentinelUrl}/api/profiles`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body,
  })
}

/** Until every message of the burst is stored and scored. */
async function ingestRate(stack: Stack, chats: number[], batchSize: number): Promise<number> {
  const before = await stored(stack)
  const startedAt = performance.now()
  const burst = stack.control.burst({ count: BURST, chats, batchSize, textFromCorpus: true })
  await stack.until(async () => (await stored(stack)) >= before + BURST && (await isScored(stack)))
  const seconds = (performance.now() - startedAt) / 1000
  await burst
  return BURST / seconds
}

async function stored(stack: Stack): Promise<number> {
  return (await stack.get<{ total_messages: number }>('/api/stats')).total_messages
}

async function isScored(stack: Stack): Promise<boolean> {
  return (await stack.get<{ backlog: number }>('/api/status')).backlog === 0
}

/** Ten times a second an alert, among a hundred messages a second, as a signed-in browser's stream sees it. */
async function latenciesToBrowser(stack: Stack, chats: number[]): Promise<number[]> {
  const login = await fetch(`${stack.uiUrl}/api/auth/login`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', origin: stack.uiUrl },
    body: JSON.stringify({ password: PASSWORD }),
  })
  const cookie = login.headers
    .getSetCookie()
    .map((line) => line.split(';')[0])
    .join('; ')
  const stop = new AbortController()
  const stream = await fetch(`${stack.uiUrl}/api/events`, { headers: { cookie }, signal: stop.signal })
  const latencies: number[] = []
  let isOpen = false
  const follow = {
    onOpen: () => (isOpen = true),
    onStamp: (postedAtMs: number) => latencies.push(Date.now() - postedAtMs),
  }
  const reading = readStamps(stream, follow).catch(() => undefined)
  // A page, too, reads the list only once it is told that the sentinel is heard.
  await stack.until(async () => isOpen)
  const options = { count: LATENCY_MESSAGES, chats, withKeyword: KEYWORD, ratePerSecond: 300, stamped: true }
  await stack.control.burst(options)
  await stack.until(async () => latencies.length >= LATENCY_MESSAGES / 10)
  stop.abort()
  await reading
  return latencies
}

async function readStamps(
  stream: Response,
  { onOpen, onStamp }: { onOpen: () => void; onStamp: (postedAtMs: number) => void },
): Promise<void> {
  const decoder = new TextDecoder()
  let rest = ''
  for await (const chunk of stream.body as unknown as AsyncIterable<Uint8Array>) {
    const events = (rest + decoder.decode(chunk, { stream: true })).split('\n\n')
    rest = events.pop() ?? ''
    for (const event of events) {
      if (event.includes('event: sentinel\n')) onOpen()
      const stamp = event.includes('event: alert\n') && /#t(\d+)/.exec(event)
      if (stamp) onStamp(Number(stamp[1]))
    }
  }
}
