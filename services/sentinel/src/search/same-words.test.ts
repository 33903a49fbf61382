import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createLogger } from '@tgsentinel/kernel/log'
import { openDatabase } from '@tgsentinel/kernel/sqlite'
import { MemoryBus } from '../bus/memory'
import { asProfile } from '../profiles/as-profile'
import { Scorer } from '../scoring/scoring'
import type { StoredMessage } from '../store/messages'
import { MIGRATIONS } from '../store/migrations'
import { Store } from '../store/store'
import { Indexing } from './indexing'
import { Search } from './search'
import { SAME_WORDS } from '../../../../test/support/same-words'

const CHAT = -1_000_000_000_042
const REPORT = join(__dirname, '../../../../test/reports/field-words.json')

interface Outcome {
  case: string
  typed: string
  text: string
  expected: boolean
  keyword: boolean
  query: boolean
  search: boolean
}

/** Every row once through a keyword, a query and a search over a stored message. */
describe('a keyword, a query and a search for the same words', () => {
  const outcomes: Outcome[] = []

  beforeAll(() => {
    const folder = mkdtempSync(join(tmpdir(), 'tgsentinel-words-'))
    const store = new Store(openDatabase(join(folder, 'sentinel.db'), MIGRATIONS))
    SAME_WORDS.forEach(([, , text], index) => store.messages.add(700, messageOf(text, index + 1)))
    const indexing = new Indexing(store, new MemoryBus(), () => 0, createLogger('test', 'silent'))
    while (indexing.advance());
    const search = new Search(store, () => 700)
    SAME_WORDS.forEach(([name, typed, text, expected], index) => {
      const found = search.find({ q: `"${typed}"`, deleted: 'any', below: undefined, limit: 10_000 }).hits
      outcomes.push({
        ...{ case: name, typed, text, expected },
        keyword: fires({ keywords: { general: { words: [typed] } } }, text),
        query: fires({ queries: [{ query: `"${typed}"` }] }, text),
        search: found.some(({ message_id: id }) => id === index + 1),
      })
    })
    indexing.close()
    store.close()
    rmSync(folder, { recursive: true })
  })

  afterAll(() => {
    mkdirSync(join(REPORT, '..'), { recursive: true })
    writeFileSync(REPORT, JSON.stringify({ at: new Date().toISOString(), cases: outcomes }, null, 2))
  })

  it.each(SAME_WORDS.map((row, index) => [row[0], row[3] ? 'finds' : 'leaves', row[1], row[2], index] as const))(
    '%s: %s %j in %j',
    (_name, _verb, _typed, _text, index) => {
      const { expected, keyword, query, search } = outcomes[index] as Outcome
      expect({ keyword, query, search }).toEqual({ keyword: expected, query: expected, search: expected })
    },
  )
})

function fires(rules: Parameters<typeof asProfile>[0] extends infer D ? Partial<D> : never, text: string): boolean {
  const profile = asProfile({ name: 'Test', min_score: 0, ...rules })
  const place = { row: 1, chatKind: 'supergroup' as const, chatUsername: null, senderUsername: null }
  const message: StoredMessage = { ...messageOf(text, 1), ...place }
  return new Scorer([profile]).score(message).length > 0
}

function messageOf(text: string, messageId: number) {
  const facts = { topicId: null, senderId: 5, flags: 0, replyToId: null, media: null, groupedId: null }
  return { chatId: CHAT, messageId, date: 1_800_000_000 + messageId, text, ...facts }
}
