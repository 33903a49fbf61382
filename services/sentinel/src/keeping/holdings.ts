import { DAY, HOUR } from '@tgsentinel/kernel/time'
import type { MarkedId, RetentionRules } from '../model'
import type { Store } from '../store/store'
import type { ChatVolume } from '../store/volumes'

type ByChat = ReadonlyMap<MarkedId, number>

/** What a forecast is made of. */
export interface Holdings {
  volumes: readonly ChatVolume[]
  /** Bytes that the database holds. */
  usedBytes: number
  /** Messages of the last days, and how many days those are. */
  recent: ByChat
  recentDays: number
  /** Messages that were ever stored; only where a rule goes by age. */
  ever: ByChat
  /** Of them those of so many days of age, by the days that rules name. */
  older: ReadonlyMap<number, ByChat>
}

const RECENT_DAYS = 7
/** Hours that are summed up in one turn of the event loop: with hundreds of busy chats that is some milliseconds. */
const STEP_HOURS = 48

interface Reading {
  store: Store
  rules: RetentionRules
  now: number
  /** Lets others go first. */
  pause: () => Promise<void>
}

/** Years of counters are not read in one go. */
export async function readHoldings(reading: Reading): Promise<Holdings> {
  const { store, now } = reading
  const end = hourBefore(0, now) + 1
  const since = hourBefore(RECENT_DAYS, now) + 1
  const recent = new Map<MarkedId, number>()
  for (let from = since; from < end; from += STEP_HOURS) {
    add(recent, store.traffic.messagesByChat(from, Math.min(end, from + STEP_HOURS)))
    await reading.pause()
  }
  const past = await readPast(reading, end)
  const { total, free, sizeBytes } = store.space.pages()
  return {
    volumes: store.volumes.all(),
    usedBytes: (total - free) * sizeBytes,
    recent,
    // A database of yesterday has not seen a week, and one of this morning no day.
    recentDays: Math.max(1, end - (store.traffic.firstHour(since) ?? end)) / 24,
    ...past,
  }
}

async function readPast({ store, rules, now, pause }: Reading, end: number): Promise<Pick<Holdings, 'ever' | 'older'>> {
  const ages = Object.values(rules.kinds).flatMap(({ max_age_days: days }) => days ?? [])
  const older = new Map(ages.map((days) => [days, new Map<MarkedId, number>()]))
  const ever = new Map<MarkedId, number>()
  if (older.size === 0) return { ever, older }
  // The hour in which the age is reached counts as older: not more than so many are swept.
  const edges = ages.map((days) => hourBefore(days, now) + 1)
  for (let from = store.traffic.firstHour(0) ?? end; from < end;) {
    const to = Math.min(from + STEP_HOURS, end, ...edges.filter((edge) => edge > from))
    const sums = store.traffic.messagesByChat(from, to)
    add(ever, sums)
    for (const [days, sum] of older) if (to <= hourBefore(days, now) + 1) add(sum, sums)
    from = to
    await pause()
  }
  add(ever, store.traffic.messagesByChat(end, Number.MAX_SAFE_INTEGER))
  return { ever, older }
}

function add(sums: Map<MarkedId, number>, more: ByChat): void {
  for (const [chatId, messages] of more) sums.set(chatId, (sums.get(chatId) ?? 0) + messages)
}

/** Unix hour in which something of that age was posted. */
function hourBefore(days: number, now: number): number {
  return Math.floor((now - days * DAY) / HOUR)
}
