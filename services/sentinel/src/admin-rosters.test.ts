import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createLogger } from '@tgsentinel/kernel/log'
import { DAY, HOUR } from '@tgsentinel/kernel/time'
import { AdminRosters } from './admin-rosters'
import { MemoryBus } from './bus/memory'
import { failure, type MarkedId } from './model'
import { Profiles } from './profiles'
import { openStore, type Store } from './store/store'

const ACCOUNT = 700
const [TEAM, FAMILY, NEWS] = [-1_000_000_000_001, -5, -1_000_000_000_002] as const

describe('the admins of groups', () => {
  let folder = ''
  let store: Store
  let profiles: Profiles
  let rosters: AdminRosters
  let nowMs = 1_800_000_000_000
  let asked: MarkedId[] = []
  let looked = 0
  let watched: MarkedId[] = []
  let answer: (chatId: MarkedId) => Promise<MarkedId[]>

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'tgsentinel-rosters-'))
    store = openStore(join(folder, 'sentinel.db'))
    profiles = new Profiles(store, new MemoryBus(), () => nowMs)
    for (const [id, kind] of [
      [TEAM, 'supergroup'],
      [FAMILY, 'group'],
      [NEWS, 'channel'],
    ] as const)
      // prettier-ignore
      store.chats.saveChat({ id, kind, title: String(id), username: null })
    const flags = { isPinned: false, isArchived: false, isMuted: false, isForum: false, folders: [] }
    const dialogs = [TEAM, FAMILY, NEWS].map((chatId) => ({ chatId, members: 2, unread: 0, topMessageId: 1, topMessageAt: 1, ...flags })) // prettier-ignore
    store.transaction(() => store.dialogs.replace(ACCOUNT, dialogs, []))
    asked = []
    watched = [TEAM, FAMILY, NEWS]
    answer = async (chatId) => (chatId === TEAM ? [1, 2] : [3])
    const admins = (chatId: MarkedId) => {
      asked.push(chatId)
      return answer(chatId)
    }
    rosters = new AdminRosters({
      reader: {
        get self() {
          looked += 1
          return { id: ACCOUNT, usernames: [] }
        },
        admins,
      },
      watch: { isWatched: (_account, chatId) => watched.includes(chatId) },
      ...{ store, profiles, log: createLogger('test', 'silent'), now: () => nowMs, pauseMs: 1 },
    })
    rosters.start()
  })

  afterEach(() => {
    rosters.close()
    store.close()
    rmSync(folder, { recursive: true })
  })

  /** It looks whose session it is in each of its turns. */
  const turns = async () => {
    for (const end = looked + 6; looked < end;) await new Promise(setImmediate)
  }
  const askFor = () => profiles.create({ name: 'Admins', detectors: { admin: 1 } })
  const isAdmin = (chatId: MarkedId, senderId: MarkedId) => {
    const place = { row: 1, chatId, senderId } as Parameters<Store['circumstances']['complete']>[0]
    return store.circumstances.complete(place, { counts: false, admins: true }).isByAdmin
  }

  it('are read of groups alone, once each, and again after half a day', async () => {
    await turns()
    expect(asked).toEqual([])
    askFor()
    await turns()
    expect(asked).toEqual([TEAM, FAMILY])
    expect([isAdmin(TEAM, 2), isAdmin(TEAM, 3), isAdmin(FAMILY, 3)]).toEqual([true, false, true])
    nowMs += 13 * HOUR
    answer = async () => [9]
    await turns()
    expect(asked).toEqual([TEAM, FAMILY, TEAM, FAMILY])
    expect([isAdmin(TEAM, 2), isAdmin(TEAM, 9)]).toEqual([false, true])
  })

  it('of a group that does not say are asked for a day later, and keep nobody else waiting', async () => {
    answer = async (chatId) => {
      if (chatId === TEAM) throw failure('ADMIN_NEEDED', 'Only admins may see that.')
      return [3]
    }
    askFor()
    await turns()
    expect(asked).toEqual([TEAM, FAMILY])
    nowMs += DAY + HOUR
    await turns()
    expect(asked).toHaveLength(4)
  })

  it('of a group that is not answered for come after those of the others', async () => {
    answer = async () => {
      throw failure('TELEGRAM_UNREACHABLE', 'Telegram cannot be reached.')
    }
    askFor()
    while (asked.length === 0) await new Promise(setImmediate)
    await new Promise(setImmediate)
    expect(asked).toEqual([TEAM])
    expect(store.adminRosters.chats(ACCOUNT)[0]?.chatId).toBe(FAMILY)
  })

  it('stay known while Telegram cannot be asked', async () => {
    askFor()
    await turns()
    nowMs += 13 * HOUR
    answer = async () => {
      throw failure('FLOOD_WAIT', 'Telegram asks to wait.', undefined, 3600)
    }
    while (asked.length < 3) await new Promise(setImmediate)
    expect(isAdmin(TEAM, 1)).toBe(true)
  })

  it('are forgotten, when they would be read anew, of a chat that nobody watches any more', async () => {
    askFor()
    await turns()
    watched = [TEAM]
    expect(isAdmin(FAMILY, 3)).toBe(true)
    nowMs += 13 * HOUR
    await turns()
    expect([asked.length, isAdmin(FAMILY, 3)]).toEqual([3, false])
  })
})
