import { hashOf } from '@tgsentinel/database/migration'
import { MIGRATIONS } from './migrations'

/** What has been released: a step that stands here never changes, since it has run in somebody's data folder; a new one comes after. */
const RELEASED: readonly (readonly [name: string, hash: string])[] = [
  ['settings, signed-in browsers and the audit log', 'c10988edefa9bf1e'],
  ['what the sentinel said last, and unsaved edits of profiles', '007f8779d65a12d0'],
  ['alerts of several profiles', '435659f4b8640983'],
  ['alerts that are snoozed', 'bebcb4d6fee59839'],
]

describe('the steps of ui.db', () => {
  it.each(RELEASED.map((step, index) => [index, ...step] as const))(
    '%i, "%s", is as it was released',
    (at, ...step) => {
      const known = MIGRATIONS[at]
      expect([known?.name, hashOf(known).slice(0, 16)]).toEqual(step)
    },
  )
})
