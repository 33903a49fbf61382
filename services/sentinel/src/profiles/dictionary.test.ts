import { withoutRepetition } from './dictionary'

it.each([
  ['nothing', [], []],
  ['a word that is said twice, in any case', [['person', 'people', 'People ']], [['person', 'people']]],
  [
    'the same group in another order',
    [
      ['a', 'b'],
      ['c', 'd'],
      ['B', 'A'],
    ],
    [
      ['B', 'A'],
      ['c', 'd'],
    ],
  ],
  ['a group of one word', [['one', 'ONE']], []],
])('a dictionary is kept without %s', (_what, groups, wanted) => {
  expect(withoutRepetition(groups)).toEqual(wanted)
})
