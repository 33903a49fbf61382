import { checklist, PLAIN, rich, unreadable } from '../../../../../test/faults/contents'
import type { TlObject as Plain } from '../../../../../test/telegram-server/tl/codec'
import { Layers } from '../../../../../test/telegram-server/tl/layers'
import { Random } from '../../../../../test/telegram-server/world/random'
import type { TlObject } from '../tl'
import { readAround } from './tolerant-reader'
import { isUnreadable } from './unreadable'

const layers = new Layers()
const AROUND = {
  chats: [{ _: 'chatForbidden', id: 1, title: 'a chat' }],
  users: [{ _: 'user', id: 3, access_hash: 7n, first_name: 'Ann', status: { _: 'userStatusRecently' } }],
}

/** An update and what is to come of it: what it is and its pts, or `?`. */
type Expected = [update: Plain, name: string]

/** Messages, edits and deletions; what nobody can read among them holds numbers that look like the beginning of a list. */
function differenceOf(random: Random): { bytes: Buffer; names: string[] } {
  let id = 0
  const message = (): [Plain, boolean] => {
    const kind = random.below(6)
    const content =
      kind === 0 ? checklist(random, 'x') : kind === 1 ? rich(random, 'abc', random.below(2) === 0) : PLAIN
    const isToBeRead = random.below(3) > 0
    const fields = isToBeRead ? (content.fields ?? {}) : unreadable(content, random)
    const entities = random.below(2) ? { entities: [{ _: 'messageEntityBold', offset: 0, length: 2 }] } : {}
    const peers = { from_id: { _: 'peerUser', user_id: 70 }, peer_id: { _: 'peerChannel', channel_id: 5 } }
    const text = kind === 1 ? '' : 'text'
    return [{ _: 'message', id: ++id, ...peers, date: 1000, message: text, ...entities, ...fields }, isToBeRead]
  }
  const update = (_: unknown, index: number): Expected => {
    const place = { pts: index + 1, pts_count: 1 }
    const messages = Array.from({ length: 1 + random.below(3) }, () => random.below(40))
    if (random.below(2))
      return [
        { _: 'updateDeleteChannelMessages', channel_id: 5, messages, ...place },
        `UpdateDeleteChannelMessages ${index + 1}`,
      ]
    const [edited, isToBeRead] = message()
    const name = isToBeRead ? `UpdateEditChannelMessage ${index + 1}` : '?'
    return [{ _: 'updateEditChannelMessage', message: edited, ...place }, name]
  }
  const news = Array.from({ length: random.below(5) }, () => message()[0])
  const updates = Array.from({ length: 1 + random.below(8) }, update)
  const brought = { new_messages: news, other_updates: updates.map(([each]) => each), ...AROUND }
  const answer = { _: 'updates.channelDifference', final: true, pts: 9, timeout: 3, ...brought }
  return { bytes: layers.encode(layers.newest, answer), names: updates.map(([, name]) => name) }
}

/** Undefined where it was given up: it is asked for in smaller pieces. */
function namesIn(bytes: Buffer): string[] | undefined {
  try {
    const { otherUpdates } = readAround(bytes) as { otherUpdates: TlObject[] }
    return otherUpdates.map((each) => (isUnreadable(each) ? '?' : `${each.className} ${Number(each['pts'])}`))
  } catch {
    return undefined
  }
}

describe('what cannot be read', () => {
  it('takes nothing along that can be, however it looks', () => {
    const wrong: string[] = []
    let givenUp = 0
    for (let seed = 1; seed <= 300; seed++) {
      const { bytes, names } = differenceOf(new Random(seed))
      const found = namesIn(bytes)
      if (found === undefined) givenUp++
      else if (found.join() !== names.join()) wrong.push(`${seed}: ${found.join()} instead of ${names.join()}`)
    }
    expect(wrong).toEqual([])
    expect(givenUp).toBeLessThan(15)
  })
})
