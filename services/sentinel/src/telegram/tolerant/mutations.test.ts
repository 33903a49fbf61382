import { Layers } from '../../../../../test/telegram-server/tl/layers'
import type { TlObject as Plain } from '../../../../../test/telegram-server/tl/codec'
import { Random } from '../../../../../test/telegram-server/world/random'
import { isTl } from '../tl'
import { readAround, stepsFor } from './tolerant-reader'
import { isUnreadable, UnreadableError, unreadablePartsOf } from './unreadable'

const layers = new Layers()
const encode = (object: Plain) => layers.encode(layers.newest, object)

const UNKNOWN: Plain = { _: 'unknown', id: 0x7eadbee1, bytes: Buffer.from('0102030405060708', 'hex') }
const entities = [{ _: 'messageEntityBold', offset: 0, length: 4 }]
const words = (text: string): Plain => ({ _: 'textWithEntities', text, entities: [] })
const todo = { _: 'todoList', title: words('t'), list: [{ _: 'todoItem', id: 1, title: words('a') }] }
const blocks = [{ _: 'pageBlockParagraph', text: { _: 'textPlain', text: 'a line' } }]
const reaction = { _: 'reactionCount', reaction: { _: 'reactionEmoji', emoticon: '❤' }, count: 3 }
const KINDS: Record<string, unknown>[] = [
  {},
  { entities },
  { entities, reactions: { _: 'messageReactions', results: [reaction] } },
  { media: { _: 'messageMediaToDo', todo } },
  { message: '', rich_message: { _: 'richMessage', blocks, photos: [], documents: [] } },
  { media: UNKNOWN, entities },
]
const AROUND = {
  chats: [{ _: 'chatForbidden', id: 1, title: 'a chat' }],
  users: [{ _: 'user', id: 3, access_hash: 7n, first_name: 'Ann', status: { _: 'userStatusRecently' } }],
}

/** Where the only message ids of an answer can come from. */
function answersOf(random: Random): Plain[] {
  const peers = (id: number) => ({
    from_id: { _: 'peerUser', user_id: 70 + id },
    peer_id: { _: 'peerChannel', channel_id: 5 },
  })
  const message = (id: number): Plain => ({
    ...{ _: 'message', id, ...peers(id), date: 1000 + id, message: `text ${id}` },
    ...random.pick(KINDS),
  })
  const messages = Array.from({ length: 1 + random.below(12) }, (_, index) => message(20 - index))
  const updates = messages.map((each) => ({ _: 'updateNewChannelMessage', message: each, pts: 4, pts_count: 1 }))
  const difference = { new_messages: messages, other_updates: updates.slice(0, 2), ...AROUND }
  return [
    { _: 'messages.channelMessages', pts: 9, count: 100, topics: [], messages, ...AROUND },
    { _: 'updates.channelDifference', final: true, pts: 9, timeout: 3, ...difference },
    { _: 'updates', updates, ...AROUND, date: 4, seq: 0 },
  ]
}

type Mutation = (bytes: Buffer, random: Random) => Buffer

const at = (bytes: Buffer, random: Random) => 4 * random.below(bytes.length / 4)
/** A list, true, false, and what nobody knows. */
const WORDS = [0x1cb5c415, 0x997275b5, 0xbc799737, 0x7eadbee9]

const MUTATIONS: Record<string, Mutation> = {
  'cut short': (bytes, random) => bytes.subarray(0, random.below(bytes.length)),
  'with bytes that are missing': (bytes, random) => {
    const start = at(bytes, random)
    return Buffer.concat([bytes.subarray(0, start), bytes.subarray(start + 4 * (1 + random.below(8)))])
  },
  'with the begin of another message within': (bytes, random) => {
    const start = at(bytes, random)
    return Buffer.concat([bytes.subarray(0, start), bytes.subarray(0, 4 * random.below(20)), bytes.subarray(start)])
  },
  'begun anew in its middle': (bytes, random) =>
    Buffer.concat([bytes.subarray(0, at(bytes, random)), bytes.subarray(at(bytes, random))]),
}

function withAnotherWord(bytes: Buffer, random: Random): Buffer {
  const changed = Buffer.from(bytes)
  changed.writeUInt32LE(random.below(2) === 0 ? random.pick(WORDS) : random.below(2 ** 31), at(bytes, random))
  return changed
}

interface Found {
  ids: number[]
  isMarked: boolean
}

/** Ids of the messages that were read, and whether anything says that there is more. */
function foundIn(value: unknown, found: Found = { ids: [], isMarked: false }): Found {
  if (Array.isArray(value)) value.forEach((each) => foundIn(each, found))
  if (!isTl(value)) return found
  if (isUnreadable(value) || unreadablePartsOf(value).length > 0) found.isMarked = true
  if (value.className === 'Message') found.ids.push(Number(value['id']))
  for (const name of ['messages', 'newMessages', 'otherUpdates', 'updates', 'message']) foundIn(value[name], found)
  return found
}

/** Null: it was given up. @throws whatever else is thrown, and where it takes too many steps */
function read(bytes: Buffer): Found | null {
  const budget = { steps: stepsFor(bytes.length) }
  try {
    return foundIn(readAround(bytes, budget))
  } catch (error) {
    if (error instanceof UnreadableError) return null
    throw error
  } finally {
    // The step that was one too many.
    expect(budget.steps).toBeGreaterThanOrEqual(-1)
  }
}

const SEEDS = Array.from({ length: 12 }, (_, index) => index + 1)

describe('an answer that was changed', () => {
  const each = (check: (bytes: Buffer, random: Random, before: Found) => void) => {
    for (const seed of SEEDS) {
      const random = new Random(seed)
      for (const answer of answersOf(random)) {
        const bytes = encode(answer)
        const before = read(bytes)
        if (!before) throw new Error(`${answer._} of seed ${seed} cannot be read as it is`)
        for (let time = 0; time < 8; time++) check(bytes, random, before)
      }
    }
  }

  it.each(Object.entries(MUTATIONS))('%s, gives other messages only with a part that is marked', (_name, mutate) => {
    each((bytes, random, before) => {
      const found = read(mutate(bytes, random))
      if (found && !found.isMarked) expect(found.ids).toEqual(before.ids)
    })
  })

  it('in one word gives other messages only with a part that is marked, but for an id that is that word', () => {
    each((bytes, random, before) => {
      const found = read(withAnotherWord(bytes, random))
      if (!found || found.isMarked) return
      expect(found.ids).toHaveLength(before.ids.length)
      expect(found.ids.filter((id, index) => id !== before.ids[index]).length).toBeLessThanOrEqual(1)
    })
  })
})
