import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { EvidenceReader, learn } from '../../services/sentinel/src/learning/training'
import type { Profile, ProfileDraft } from '../../services/sentinel/src/model'
import { asProfile } from '../../services/sentinel/src/profiles/as-profile'
import { Background } from '../../services/sentinel/src/scoring/interest/background'
import { featuresOf } from '../../services/sentinel/src/scoring/interest/features'
import { probability, type Example, type Weights } from '../../services/sentinel/src/scoring/relevance/logistic'
import {
  averagePrecision,
  byScore,
  precisionAt,
  type Ranked,
} from '../../services/sentinel/src/scoring/relevance/ranking'
import { Scorer, type Scorable } from '../../services/sentinel/src/scoring/scoring'
import { figure, type Figure } from './figure'

/** What development may look at. */
const SEEN = ['security-holes', 'flat-hunting', 'rust-jobs', 'outages']
/** What was only ever measured. */
const UNSEEN = ['gpu-deals', 'ai-regulation', 'school-parents', 'chip-supply']
const LABELS = [0, 10, 20, 50, 100]
const TRAINING_DAYS = 5
const A_DAY = 10

interface Judged {
  day: number
  kind: string
  relevant: boolean
  text: string
}

interface Case {
  name: string
  profile: Profile
  train: Judged[]
  test: Judged[]
  background: Background
}

interface Row {
  name: string
  values: Record<string, number>
}

/** How well what is wanted is found, on a set written by people who did not see the code; see test/relevance/README.md. */
export async function benchRelevance(root: string): Promise<Figure[]> {
  const seen = await rowsOf(root, SEEN)
  const unseen = await rowsOf(root, UNSEEN)
  for (const row of [...seen, mean('mean of the seen', seen), ...unseen, mean('mean of the unseen', unseen)]) print(row)
  const { values } = mean('', unseen)
  const all = mean('', [...seen, ...unseen]).values
  const of = (name: string, from = values) => from[name] ?? 0
  return [
    figure('relevance, average precision on unseen profiles, rules alone', of('word forms'), '', 'higher'),
    figure('relevance, the same with samples and no label', of('0 labels'), '', 'higher', 0.9),
    figure('relevance, gained by 20 labels', of('20 labels') - of('0 labels'), '', 'higher', 0.1),
    figure('relevance, gained by 100 labels', of('100 labels') - of('0 labels'), '', 'higher'),
    figure('relevance, found at ten alerts a day, no label', of('recall at ten a day'), '', 'higher'),
    figure('relevance, word forms found, all profiles', of('forms found', all), '', 'higher', 0.95),
    figure('relevance, rules that fired on substrings, all profiles', of('substring hits', all), '', 'lower', 0),
    figure(
      'relevance, unrelated messages that samples alone match',
      of('unrelated like samples', all),
      '',
      'lower',
      0.01,
    ),
  ]
}

async function rowsOf(root: string, names: readonly string[]): Promise<Row[]> {
  const rows: Row[] = []
  for (const name of names) rows.push({ name, values: await measure(read(root, name)) })
  return rows
}

function read(root: string, name: string): Case {
  const path = (ending: string) => join(root, `test/relevance/${name}.${ending}`)
  const { positive_samples, negative_samples, ...draft } = JSON.parse(readFileSync(path('profile.json'), 'utf8')) as {
    positive_samples: string[]
    negative_samples: string[]
  } & ProfileDraft
  const lines = readFileSync(path('jsonl'), 'utf8').trim().split('\n')
  const all = lines.map((line) => JSON.parse(line) as Judged)
  const background = new Background()
  const train = all.filter(({ day }) => day <= TRAINING_DAYS)
  for (const { text } of train) background.read(featuresOf(text))
  const profile = asProfile({ ...draft, interest: { positive_samples, negative_samples } })
  return { name, profile, train, test: all.filter(({ day }) => day > TRAINING_DAYS), background }
}

async function measure(each: Case): Promise<Row['values']> {
  const { profile, train, test } = each
  const reader = new EvidenceReader(profile, [], each)
  const examples = (judged: Judged[]) => judged.map(({ relevant, text }) => exampleOf(reader, text, relevant))
  const first = await learn([], pause)
  // As in life: the owner judges what is shown first.
  const shown = examples(train).sort((one, other) => scoreOf(other, first) - scoreOf(one, first))
  const curve: Row['values'] = {}
  for (const labels of LABELS)
    curve[`${labels} labels`] = precisionOf(examples(test), await learn(shown.slice(0, labels), pause))
  return { ...baselines(each), ...curve, ...atFirst(test, examples(test), first), ...hits(each) }
}

function baselines({ profile, test }: Case): Row['values'] {
  const words = Object.values(profile.keywords).flatMap((entry) => entry?.words ?? [])
  const bare = { ...profile, interest: {} }
  const ap = (score: (text: string) => number) =>
    averagePrecision(test.map(({ text, relevant }) => ({ score: score(text), relevant })))
  const within = (text: string) => words.filter((word) => text.toLowerCase().includes(word.toLowerCase())).length
  return {
    prevalence: ap(() => 0),
    substring: ap(within),
    'whole word': ap(rulesOf({ ...bare, word_forms: false })),
    'word forms': ap(rulesOf(bare)),
  }
}

function atFirst(test: readonly Judged[], examples: readonly Example[], weights: Weights): Row['values'] {
  const ranked = examples.map((example, at) => ({ ...rankedOf(example, weights), day: test[at]?.day ?? 0 }))
  const days = [...new Set(ranked.map(({ day }) => day))]
  const shown = days.flatMap((day) =>
    ranked
      .filter((each) => each.day === day)
      .sort(byScore)
      .slice(0, A_DAY),
  )
  const found = shown.filter(({ relevant }) => relevant).length
  return {
    'precision at 10': precisionAt(10, ranked),
    'recall at ten a day': found / ranked.filter(({ relevant }) => relevant).length,
    'false alerts a day': (shown.length - found) / days.length,
  }
}

function hits({ profile, train, test, background }: Case): Row['values'] {
  const all = [...train, ...test]
  const of = (kind: string) => all.filter((each) => each.kind === kind)
  const score = rulesOf({ ...profile, interest: {} })
  const samples = new Scorer([{ ...profile, keywords: {} }], [], { background })
  const share = (judged: Judged[], test: (each: Judged) => boolean) => judged.filter(test).length / judged.length
  return {
    'forms found': share(of('word_form'), ({ text }) => score(text) > 0),
    'substring hits': of('substring').filter(({ text }) => score(text) > 0).length,
    'unrelated like samples': share(of('unrelated'), ({ text }) => samples.score(message(text)).length > 0),
  }
}

function rulesOf(profile: Profile): (text: string) => number {
  const scorer = new Scorer([profile])
  return (text) => scorer.score(message(text))[0]?.score ?? 0
}

function exampleOf(reader: EvidenceReader, text: string, relevant: boolean): Example {
  return { features: reader.read(message(text)) ?? { ids: [], values: [] }, relevant, weight: 1 }
}

function rankedOf({ features, relevant }: Example, weights: Weights): Ranked {
  return { score: probability(features, weights), relevant }
}

function scoreOf({ features }: Example, weights: Weights): number {
  return probability(features, weights)
}

function precisionOf(examples: readonly Example[], weights: Weights): number {
  return averagePrecision(examples.map((example) => rankedOf(example, weights)))
}

async function pause(): Promise<void> {}

function mean(name: string, rows: readonly Row[]): Row {
  const names = Object.keys(rows[0]?.values ?? {})
  const of = (value: string) => rows.reduce((sum, { values }) => sum + (values[value] ?? 0), 0) / rows.length
  return { name, values: Object.fromEntries(names.map((value) => [value, of(value)])) }
}

function print({ name, values }: Row): void {
  const cells = Object.entries(values).map(([what, value]) => `${what} ${value.toFixed(3)}`)
  process.stdout.write(`${name}\n  ${cells.join(', ')}\n`)
}

function message(text: string): Scorable {
  return {
    ...{ row: 1, chatId: -1_000_000_000_042, messageId: 1, topicId: null, senderId: 5, date: 0, text, flags: 0 },
    ...{ replyToId: null, media: null, groupedId: null, chatKind: 'channel', chatUsername: null, senderUsername: null },
  }
}
