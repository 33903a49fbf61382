import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { Backtests } from '../../services/sentinel/src/backtest/backtests'
import { MemoryBus } from '../../services/sentinel/src/bus/memory'
import { Profiles } from '../../services/sentinel/src/profiles'
import { openStore, type Store } from '../../services/sentinel/src/store/store'
import { createLogger } from '../../services/kernel/src/log'
import { figure, type Figure } from './figure'
import { Traffic } from './traffic'

const MESSAGES = 100_000
const TICK_MS = 5

/** Two versions of a profile over the stored history, and how long it keeps everything else waiting. */
export async function benchBacktest(): Promise<Figure[]> {
  const folder = mkdtempSync(join(tmpdir(), 'tgsentinel-bench-backtest-'))
  const store = openStore(join(folder, 'sentinel.db'))
  try {
    const traffic = new Traffic()
    const lastS = fill(store, traffic)
    const bus = new MemoryBus()
    const now = () => lastS * 1000
    const profiles = new Profiles(store, bus, now)
    const backtests = new Backtests({ store, profiles, bus, log: createLogger('bench', 'silent'), now })
    const words = traffic.latin.slice(200, 300)
    const saved = profiles.create({ name: 'Saved', keywords: { general: { words: words.slice(0, 80) } } }, 'api')
    const profile = { name: 'Changed', keywords: { general: { words: words.slice(20) } } }
    const startedAt = performance.now()
    const { id } = await backtests.start({ profile, compare_to: saved.id, days: 3650 })
    let worstMs = 0
    for (let at = performance.now(); backtests.get(id).state === 'running'; at = performance.now()) {
      await delay(TICK_MS)
      worstMs = Math.max(worstMs, performance.now() - at - TICK_MS)
    }
    const seconds = (performance.now() - startedAt) / 1000
    return [
      figure('two versions of a profile over 100,000 messages', seconds, 's', 'lower', 5),
      figure('a timer meanwhile, at most late', worstMs, 'ms', 'lower', 50),
    ]
  } finally {
    store.close()
    rmSync(folder, { recursive: true })
  }
}

/** Unix seconds of the last message. */
function fill(store: Store, traffic: Traffic): number {
  const blank = { topicId: null, replyToId: null, groupedId: null }
  let last = 0
  store.transaction(() => {
    for (let messageId = 1; messageId <= MESSAGES; messageId++) {
      const message = traffic.next()
      store.messages.add(1, { ...blank, ...message, messageId })
      last = Math.max(last, message.date)
    }
  })
  return last
}
