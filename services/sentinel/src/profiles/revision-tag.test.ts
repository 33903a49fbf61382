import type { Profile } from '../model'
import { requireRevision, tagOf } from './revision-tag'

const seventh = { revision: 7 } as Profile

describe('the revision of a profile', () => {
  it('in quotes is its tag', () => {
    expect(tagOf(seventh)).toBe('"7"')
  })

  it.each([undefined, '"7"', 'W/"7"', '*', '"6", "7"', '"6",W/"7"'])('is met by %s', (ifMatch) => {
    expect(() => requireRevision(seventh, ifMatch)).not.toThrow()
  })

  it.each(['', '7', '"6"', '"77"', 'W/"8"', '"6", "8"', "'7'"])('is not met by %j', (ifMatch) => {
    const wanted = { status: 412, code: 'REVISION_CHANGED', message: expect.stringContaining('at revision 7. Load') }
    expect(() => requireRevision(seventh, ifMatch)).toThrow(expect.objectContaining(wanted))
  })
})
