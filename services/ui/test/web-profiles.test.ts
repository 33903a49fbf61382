import type { ProfileDraft } from '../web/src/model'
import { groupsOf, textOf } from '../web/src/profiles/dictionary-text'
import { draftOf, EMPTY_FORM, formOf, linesOf } from '../web/src/profiles/profile-form'

const WHOLE: ProfileDraft = {
  name: 'Security',
  description: 'Holes and leaks',
  enabled: false,
  min_score: 2.5,
  word_forms: false,
  keywords: { security: { words: ['zero day', 'уязвимость'], weight: 2 }, general: { words: ['cve'], weight: 1 } },
  queries: [{ query: '"data leak" NOT test', weight: 3 }],
  detectors: { mention: 3, link: 0 },
  vip_senders: ['@ada', '42'],
  vip_weight: 7,
  excluded_senders: ['@spam'],
  scope: { chats: ['-100'], exclude_chats: ['@noise'], kinds: ['channel'] },
  include_own: true,
  interest: {
    positive_samples: ['Flat to rent\ntwo rooms', 'A room near the metro'],
    negative_samples: ['How to let a flat: a course'],
    threshold: 0.655,
    positive_weight: 1.5,
    negative_weight: 0,
    weight: 3,
  },
  learning: { enabled: true, alerts_per_day: 2.5 },
  one_per_story: false,
  thresholds: { reactions: 25, replies: null, weight: 1.5 },
  tell_changes: { edits: true, deletions: false },
}

describe('the form of a profile', () => {
  it('gives back what it was filled from', () => {
    expect(draftOf(formOf(WHOLE))).toEqual(WHOLE)
  })

  it('leaves out what nobody typed', () => {
    const draft = draftOf({ ...EMPTY_FORM, name: ' New ', queries: [{ query: '  ', weight: '1' }] })
    expect(draft).toMatchObject({ name: 'New', enabled: true, keywords: {}, queries: [], detectors: {}, scope: {} })
  })

  it('takes a detector out whose weight was removed', () => {
    const form = formOf(WHOLE)
    expect(draftOf({ ...form, detectors: { ...form.detectors, mention: ' ' } }).detectors).toEqual({ link: 0 })
  })

  test.each([
    ['2,5', 2.5],
    ['0', 0],
    ['', 1],
    ['much', 1],
  ])('reads the least score %j as %d', (typed, score) => {
    expect(draftOf({ ...EMPTY_FORM, minScore: typed }).min_score).toBe(score)
  })

  it('wants as many alerts a day as are likely where no number is given', () => {
    expect(draftOf({ ...EMPTY_FORM, alertsPerDay: ' ' }).learning).toEqual({ enabled: false, alerts_per_day: null })
    expect(draftOf({ ...EMPTY_FORM, alertsPerDay: '0' }).learning?.alerts_per_day).toBe(null)
  })

  it('makes one message of a sample with an empty line in it, and takes one once', () => {
    const interest = { positive_samples: ['First\n\nsecond', 'Third', 'Third'] }
    expect(draftOf(formOf({ name: 'X', interest })).interest?.positive_samples).toEqual(['First\nsecond', 'Third'])
  })

  it('takes a line once', () => {
    expect(linesOf('leak\n\n  breach \r\nleak')).toEqual(['leak', 'breach'])
  })
})

describe('the text of the dictionary', () => {
  test.each([
    ['person, people', [['person', 'people']]],
    ['человек，люди\nлюд ;  людям', [['человек', 'люди'], ['люд', 'людям']]], // prettier-ignore
    ['alone\n\n,,\nsame, same', []],
  ])('reads %j', (text, groups) => {
    expect(groupsOf(text)).toEqual(groups)
  })

  it('is read as it was written', () => {
    const groups = [['a', 'b'], ['c d', 'e', 'f']] // prettier-ignore
    expect(groupsOf(textOf(groups))).toEqual(groups)
  })
})
