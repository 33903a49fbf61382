import { featureId, featuresOf } from '../interest/features'
import { Background } from '../interest/background'
import { cuesOf } from './cues'
import { evidenceOf, generalId } from './evidence'
import { fit, probability, type Example } from './logistic'
import { averagePrecision, precisionAt } from './ranking'
import { explain, judge } from './relevance-model'

const ranked = (...marks: (0 | 1)[]) => marks.map((mark, at) => ({ score: -at, relevant: mark === 1 }))

describe('average precision', () => {
  it.each([
    ['the best order', ranked(1, 1, 0, 0), 1],
    ['every other one', ranked(1, 0, 1, 0), (1 + 2 / 3) / 2],
    ['the worst order', ranked(0, 0, 1, 1), (1 / 3 + 2 / 4) / 2],
    ['nothing wanted', ranked(0, 0), 0],
    ['nothing at all', [], 0],
  ])('of %s', (_what, order, expected) => {
    expect(averagePrecision(order)).toBeCloseTo(expected, 10)
  })

  it('of a tie is that of its random order', () => {
    // (1, 0) and (0, 1) are equally likely: 1 and 1/2.
    expect(averagePrecision([1, 0].map((mark) => ({ score: 0, relevant: mark === 1 })))).toBeCloseTo(0.75, 10)
    // All orders of two of three, by hand: (1 + 5/6 + 7/12) / 3.
    const tie = [1, 1, 0].map((mark) => ({ score: 0, relevant: mark === 1 }))
    expect(averagePrecision(tie)).toBeCloseTo((1 + 5 / 6 + 7 / 12) / 3, 10)
  })

  it('at k counts the first k', () => {
    expect(precisionAt(2, ranked(1, 0, 1))).toBe(0.5)
    expect(precisionAt(5, [])).toBe(0)
  })
})

describe('logistic regression', () => {
  const one = (id: number, relevant: boolean): Example => ({
    features: { ids: [0, id], values: [1, 1] },
    relevant,
    weight: 1,
  })
  const examples = Array.from({ length: 20 }, (_, at) => one(1 + (at % 2), at % 2 === 0))
  const turn = async () => undefined

  it('learns what tells wanted from unwanted, the same every time', async () => {
    const weights = await fit(examples, new Map(), () => 1, turn)
    expect(probability({ ids: [0, 1], values: [1, 1] }, weights)).toBeGreaterThan(0.8)
    expect(probability({ ids: [0, 2], values: [1, 1] }, weights)).toBeLessThan(0.2)
    expect(await fit(examples, new Map(), () => 1, turn)).toEqual(weights)
  })

  it('stays at the prior where there is nothing to learn from', async () => {
    expect(await fit([], new Map([[3, 1.5]]), () => 10, turn)).toEqual(new Map([[3, 1.5]]))
  })

  it('is drawn to the prior the more, the stronger it is', async () => {
    const prior = new Map([[1, -2]])
    const of = async (l2: number) => (await fit(examples, prior, () => l2, turn)).get(1) ?? 0
    expect(await of(100)).toBeLessThan(await of(1))
  })
})

describe('cues', () => {
  it.each([
    ['Скидки на курсы, подписывайтесь!', 'promotion', 0.5, 1],
    ['The database is down again', 'promotion', 0, 0],
    ['Is it down?', 'question', 1, 1],
    ['Version 8.5.4 of 2026', 'particulars', 0.5, 1],
    ['ok thanks', 'brevity', 1, 1],
    ['Сбой у Яндекса, лежат Карты и Диск', 'names', 1, 1],
    ['Good morning. Everybody slept well', 'names', 0, 0],
    ['this is a longer message', 'brevity', 0, 0],
  ] as const)('of %j: %s', (text, cue, least, most) => {
    const value = cuesOf(text, [])[cue]
    expect(value).toBeGreaterThanOrEqual(least)
    expect(value).toBeLessThanOrEqual(most)
  })

  it('see a negation beside what was found, and not elsewhere', () => {
    const near = 'Уязвимостей не найдено'
    const found = [{ offset: 0, length: 12 }]
    expect(cuesOf(near, found).negation).toBe(1)
    const far = 'Уязвимость в ядре, закрыта сегодня вечером после долгих споров, а кофе не подвезли'
    expect(cuesOf(far, [{ offset: 0, length: 10 }]).negation).toBe(0)
    expect(cuesOf(near, []).negation).toBe(0)
    const part = 'Сайт не работает второй час'
    expect(cuesOf(part, [{ offset: 5, length: 11 }]).negation).toBe(0)
  })
})

describe('a judgement', () => {
  const evidence = { ids: [1], values: [1] }
  const model = (weight: number) => ({ version: 1, weights: new Map([[1, weight]]), threshold: 0.5 })

  it.each([
    ['above the threshold', 1, 999, 'alert'],
    ['below it', -0.5, 999, 'none'],
    ['not far below it, by a rare chance', -0.5, 3, 'explore'],
    ['far below it', -5, 3, 'none'],
  ])('%s', (_what, weight, chance, verdict) => {
    expect(judge(model(weight), evidence, chance).verdict).toBe(verdict)
  })

  it('names the words that moved it, where they stand, and general evidence', () => {
    const text = 'Скидка: двухкомнатная квартира'
    const nothing = { value: 0, positive: 0, negative: 0, nearest: '' }
    const facts = { text: featuresOf(text), cues: cuesOf(text, []), likeness: nothing, ruleScore: 0, rules: [] }
    const all = evidenceOf({ ...facts, chatId: -1, senderId: null }, new Background())
    const weights = new Map([
      [featuresOf('квартиры').ids[0] ?? 0, 2],
      [generalId('promotion'), -3],
    ])
    expect(explain(text, all, weights)).toEqual([
      { kind: 'learned', label: 'квартира', weight: expect.any(Number), matches: [{ offset: 22, length: 8 }] },
      { kind: 'learned', label: 'reads like an advertisement', weight: -1 },
    ])
    expect(explain('', { ids: [], values: [] }, weights)).toHaveLength(1)
  })

  it('tells chats and senders apart', () => {
    expect(featureId('chat -1')).not.toBe(featureId('chat -2'))
  })
})
