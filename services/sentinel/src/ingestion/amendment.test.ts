import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createLogger } from '@tgsentinel/kernel/log'
import { openDatabase, type SqliteDatabase } from '@tgsentinel/kernel/sqlite'
import { MemoryBus } from '../bus/memory'
import { NO_INTAKE, type Change } from '../intake'
import type { Message, MessageFacts } from '../model'
import { MIGRATIONS } from '../store/migrations'
import { Store } from '../store/store'
import { Ingestion } from './ingestion'

const ACCOUNT = 700
const CHAT = -1_000_000_000_042

function message(part: Partial<Message> = {}): Message {
  const facts = { topicId: null, senderId: 5, flags: 0, replyToId: null, media: null, groupedId: null }
  return { chatId: CHAT, messageId: 1, date: 1_700_000_000, text: 'as it was', ...facts, ...part }
}

describe('what becomes of a stored message', () => {
  let folder = ''
  let database: SqliteDatabase
  let store: Store
  let ingestion: Ingestion

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'tgsentinel-amendment-'))
    database = openDatabase(join(folder, 'sentinel.db'), MIGRATIONS)
    store = new Store(database)
    ingestion = new Ingestion(store, new MemoryBus(), createLogger('test', 'silent'))
  })

  afterEach(() => {
    ingestion.close()
    store.close()
    rmSync(folder, { recursive: true })
  })

  const take = (messages: Message[], changes: Change[] = []) => {
    ingestion.accept(ACCOUNT, { ...NO_INTAKE, messages, changes })
    ingestion.drain()
  }
  const edit = (part: Partial<Message>) => take([], [{ type: 'edited', message: message(part) }])
  const known = () => store.messages.find(ACCOUNT, CHAT, 1)
  const versions = () => store.messageHistory.versions(known()?.row ?? 0).length

  const edits: [string, Partial<Message>, { versions: number; editedAt: number | null }][] = [
    ['of its words is an edit', { text: 'as it is', editedAt: 9, revisedAt: 9 }, { versions: 1, editedAt: 9 }],
    ['of its formatting alone is an edit', { editedAt: 9, revisedAt: 9 }, { versions: 1, editedAt: 9 }],
    [
      'that Telegram hides, as after a reaction, is none',
      { editedAt: null, revisedAt: 9 },
      { versions: 0, editedAt: null },
    ],
    [
      'that Telegram hides and that brings the preview of a link is none, and what it says is kept',
      { editedAt: null, revisedAt: 9, extraText: 'A page' },
      { versions: 0, editedAt: null },
    ],
  ]

  it.each(edits)('a change %s', (_name, part, expected) => {
    take([message()])
    edit(part)
    expect({ versions: versions(), editedAt: known()?.editedAt }).toEqual(expected)
    expect(known()?.extraText ?? null).toBe(part.extraText ?? null)
  })

  it('counts votes by the option of an answer, whatever their order', () => {
    const facts: MessageFacts = {
      poll: {
        ...{ id: '8', question: 'Lunch?', voters: null, isClosed: false },
        answers: ['Soup', 'Salad', 'Cake'].map((text, index) => ({ text, voters: null, option: `0${index}` })),
      },
    }
    take([message({ media: 'poll', facts })])
    const votes = new Map([
      ['02', 9],
      ['00', 4],
      ['01', 1],
    ])
    take([], [{ type: 'polled', poll: { id: '8', isClosed: false, voters: 14 }, votes }])
    const { poll } = JSON.parse(known()?.facts ?? '{}') as MessageFacts
    expect(poll?.answers.map(({ text, voters }) => [text, voters])).toEqual([
      ['Soup', 4],
      ['Salad', 1],
      ['Cake', 9],
    ])
  })

  it('never has fewer reactions because Telegram told of some only', () => {
    const counted = (reactions: Record<string, number>, isMin = false): Change => ({
      ...{ type: 'counted', chatId: CHAT, messageId: 1 },
      counts: { reactions, ...(isMin && { isMin }) },
    })
    take([message()], [counted({ '👍': 5, '🔥': 2 })])
    take([], [counted({ '👍': 1, '🎉': 1 }, true)])
    const latest = () => store.messageHistory.counts(known()?.row ?? 0, 1)[0]?.reactions
    expect(latest()).toEqual({ '👍': 5, '🔥': 2, '🎉': 1 })
    take([], [counted({ '👍': 4 })])
    expect(latest()).toEqual({ '👍': 4 })
  })

  it('is unreadable no longer once it is read, and says so again where an edit makes it so', () => {
    const count = () => store.unreadable.counts(ACCOUNT).get(CHAT) ?? 0
    take([message({ media: 'unsupported', text: '', unreadable: 'unsupported' })])
    expect(count()).toBe(1)
    edit({ text: 'readable', revisedAt: 3 })
    expect([count(), known()?.text, known()?.editedAt]).toEqual([0, 'readable', null])
    edit({ text: 'readable', revisedAt: 4, unreadable: 'partial' })
    expect(count()).toBe(1)
    take([], [{ type: 'deleted', chatId: CHAT, messageIds: [1] }])
    expect(count()).toBe(0)
  })
})
