import { hashOf } from '@tgsentinel/database/migration'
import { MIGRATIONS } from './migrations'

/**
 * What has been released: the name of each step and the first digits of its hash. A step that stands here never changes, since it
 * has run in somebody's data folder; a new one is added at the end, and a database of that state to test/fixtures/databases.
 */
const RELEASED: readonly (readonly [name: string, hash: string])[] = [
  ['messages, alerts and what they need', 'db38d7825426372d'],
  ['the list of chats, photos and the bot', '49a10463570c0a38'],
  ['what became of messages, and what is known of every chat', 'a31f05db1d35837f'],
  ['search, and how much is kept', '48be2f0ba55a26e0'],
  ['revisions of profiles', '4a562bb4a6921850'],
  ['what profiles learn', '4b9094afc3b6785e'],
  ['one alert a story', 'd986fac473d8fa5f'],
  ['destinations, deliveries and templates', 'fe84f6b1216e5813'],
  ['digests', '651413ca189347d9'],
  ['deliveries that are held', '2725edd93b561346'],
  ['feeds', '5f1ae98f4539f65a'],
  ['who is an admin, and what became of the messages of alerts', '771c334d70319718'],
  ['what messages say beside their text, what cannot be read, and all names of peers', '68727bd4aa13faad'],
  ['indexes for what grows', '7bd596f5701eb741'],
  ['one alert a message', '855ce89abc8de29f'],
  ['answers from where an alert is told', '18c288a4b1c8ed5c'],
]

describe('the steps of sentinel.db', () => {
  it.each(RELEASED.map((step, index) => [index + 1, ...step] as const))(
    '%i, "%s", is as it was released',
    (id, name, hash) => {
      const step = MIGRATIONS[id - 1]
      expect([step?.name, hashOf(step).slice(0, 16)]).toEqual([name, hash])
    },
  )
})
