import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openDatabase } from '@tgsentinel/kernel/sqlite'
import { MemoryBus } from './bus/memory'
import { Profiles } from './profiles'
import { MIGRATIONS } from './store/migrations'
import { openStore, type Store } from './store/store'

const BEFORE_REVISIONS = MIGRATIONS.findIndex(({ name }) => name === 'revisions of profiles')
const OLD_RULES = {
  ...{ enabled: true, min_score: 2, keywords: { risk: { words: ['fire'] } }, detectors: {} },
  ...{ vip_senders: [], vip_weight: 5, excluded_senders: [], scope: {}, include_own: false },
}

const MESSAGE = {
  ...{ row: 1, chatId: -42, messageId: 7, topicId: null, senderId: 5, date: 0, flags: 0, replyToId: null, media: null },
  ...{ groupedId: null, chatKind: 'group' as const, chatUsername: null, senderUsername: null },
}

let folder = ''
let store: Store | undefined

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'tgsentinel-profiles-'))
})

afterEach(() => {
  store?.close()
  rmSync(folder, { recursive: true })
})

function open(): Profiles {
  store = openStore(join(folder, 'sentinel.db'))
  return new Profiles(store, new MemoryBus(), () => 1_800_000_000_000)
}

describe('profiles of a database', () => {
  it('that knew no revisions have one, and the defaults of what their rules do not say', () => {
    const old = openDatabase(join(folder, 'sentinel.db'), MIGRATIONS.slice(0, BEFORE_REVISIONS))
    old
      .prepare('INSERT INTO profiles (name, rules, created_at, updated_at) VALUES (?, ?, 1000, 2000)')
      .run('Old', JSON.stringify(OLD_RULES))
    old.close()
    const profiles = open()
    expect(profiles.list()).toMatchObject([
      { ...OLD_RULES, name: 'Old', revision: 1, description: '', word_forms: true, queries: [] },
    ])
    expect(profiles.revisions(1)).toEqual([
      { revision: 1, action: 'created', by: 'sentinel', at: '1970-01-01T00:00:02.000Z', name: 'Old', changes: [] },
    ])
    profiles.replace(1, { name: 'Old', ...OLD_RULES, min_score: 3 }, { by: 'page' })
    expect(profiles.revisions(1)[0]?.changes).toEqual([{ path: 'min_score', before: 2, after: 3 }])
  })

  it('that hold a rule which can never match are read, score by the others, and say so until it is gone', async () => {
    const rules = { ...OLD_RULES, min_score: 1, keywords: { risk: { words: ['fire', '...', 'data. breach'] } } }
    const old = openDatabase(join(folder, 'sentinel.db'), MIGRATIONS)
    old
      .prepare('INSERT INTO profiles (name, rules, created_at, updated_at) VALUES (?, ?, 1000, 2000)')
      .run('Old', JSON.stringify(rules))
    old.close()
    const profiles = open()
    const viewed = async () => (await profiles.viewOf(profiles.get(1))).never_matches?.map(({ field }) => field)
    expect(await viewed()).toEqual(['keywords.risk.words.1', 'keywords.risk.words.2'])
    expect(profiles.scorer.score({ ...MESSAGE, text: 'a fire...' })).toHaveLength(1)
    profiles.replace(1, { name: 'Old', ...OLD_RULES }, { by: 'page' })
    expect(await viewed()).toBeUndefined()
  })

  it('stay with their revisions when what was captured is erased, and no revision outlives its profile', () => {
    const profiles = open()
    const { id } = profiles.create({ name: 'A' }, 'api')
    store?.erase()
    expect(profiles.revisions(id)).toHaveLength(1)
    profiles.delete(id, undefined)
    expect(store?.profileRevisions.list(id)).toEqual([])
  })
})

describe('a chat that became another', () => {
  it('is carried as a revision of the profiles that name it, and of no other', () => {
    const profiles = open()
    const named = profiles.create({ name: 'A', scope: { chats: ['-5', '@x'], exclude_chats: ['-7'] } }, 'api')
    const other = profiles.create({ name: 'B', scope: { chats: ['-6'] } }, 'api')
    profiles.carry(-5, -1_000_000_000_005)
    expect(profiles.get(named.id)).toMatchObject({ revision: 2, scope: { chats: ['-5', '@x', '-1000000000005'] } })
    expect(profiles.revisions(named.id)[0]).toMatchObject({
      ...{ action: 'carried', by: 'sentinel' },
      changes: [{ path: 'scope.chats', before: [], after: ['-1000000000005'] }],
    })
    expect(profiles.get(other.id).revision).toBe(1)
  })
})

describe('what is refused', () => {
  it('leaves no revision: neither a taken name, nor part of an import', () => {
    const profiles = open()
    const { id } = profiles.create({ name: 'A' }, 'api')
    profiles.create({ name: 'B' }, 'api')
    expect(() => profiles.replace(id, { name: 'B' }, { by: 'api' })).toThrow('Choose another name')
    expect(() => profiles.import([{ name: 'C' }, { name: 'A' }], 'api', () => undefined)).toThrow('Choose another name')
    expect(profiles.revisions(id)).toHaveLength(1)
    expect(profiles.list().map(({ name }) => name)).toEqual(['A', 'B'])
  })
})
