import type { Profile, Reason } from '../model'
import type { StoredMessage } from '../store/messages'
import type { Knowledge } from './compiled-profile'
import { Scorer, type Match, type Wants } from './scoring'
import { wordFlaw } from './flaws'
import { partsOf } from './phrase'
import { Vocabulary } from './vocabulary'

const MAX_EXAMPLES = 10
const MAX_WORDS = 10

export interface PreviewWord {
  /** A keyword or a query as the profile has it. */
  word: string
  /** Messages that have it. */
  found: number
  /** Other words that were found for it; the most frequent first. */
  also_matches: string[]
  /** Words that look like it and are not found for it; none of a query or phrase. */
  does_not_match: string[]
  /** Why no message can have it; null where one can. */
  never_matches: string | null
}

export interface PreviewExample {
  message: StoredMessage
  score: number
  reasons: Reason[]
}

interface PreviewScorers {
  /** Finds what there is of the profile, at any score. */
  found: Scorer
  /** Finds its words wherever and whoever says them. */
  alone: Scorer
  /** Fires as the profile does with what it learned. */
  learned: Scorer
}

interface Entry {
  kind: 'keyword' | 'query'
  word: string
  found: number
  surfaces: Map<string, number>
}

/**
 * What a profile would have made of messages: how many alerts, and what of it was found in those that it listens to. No input or
 * output.
 */
export class Preview {
  scanned = 0
  /** Messages that would raise an alert, and those that match and would be kept with one of them: told again, or of one album. */
  matched = 0
  repeated = 0
  readonly examples: PreviewExample[] = []
  private readonly scorer: Scorer
  private readonly tester: Scorer
  private readonly entries: Map<string, Entry>
  private readonly vocabulary = new Vocabulary()
  /** The newest first. */
  private readonly fired: PreviewExample[] = []

  /** `ready`: the same, compiled already. */
  constructor(
    private readonly profile: Profile,
    dictionary: readonly (readonly string[])[],
    knowledge?: Knowledge,
    private readonly ready: Partial<PreviewScorers> = {},
  ) {
    this.scorer = ready.found ?? new Scorer([atAnyScore(profile)], dictionary, knowledge)
    this.tester = ready.alone ?? new Scorer([wordsAlone(profile)], dictionary)
    this.entries = entriesOf(profile)
  }

  /** Made while everything else has its turn: a profile may have thousands of words. */
  static async inTurns(
    profile: Profile,
    dictionary: readonly (readonly string[])[],
    knowledge: Knowledge,
    rested: () => Promise<void>,
  ): Promise<Preview> {
    const { models, ...unlearned } = knowledge
    const found = await Scorer.inTurns([atAnyScore(profile)], dictionary, unlearned, rested)
    const alone = await Scorer.inTurns([wordsAlone(profile)], dictionary, unlearned, rested)
    const isLearned = profile.learning.enabled && models?.has(profile.id) === true
    const learned = isLearned ? await Scorer.inTurns([profile], dictionary, knowledge, rested) : undefined
    return new Preview(profile, dictionary, unlearned, { found, alone, ...(learned && { learned }) })
  }

  /** What has to be known of a message that is taken. */
  get wants(): Wants {
    return this.scorer.wants
  }

  take(message: StoredMessage): void {
    this.scanned++
    this.vocabulary.read(message.text)
    const [match] = this.scorer.score(message)
    if (!match) return
    const queries = match.reasons.filter(({ kind }) => kind === 'query')
    countReasons(this.entries, message.text, [...this.scorer.wordsFound(), ...queries])
    const firing = this.firingOf(message, match)
    if (firing) this.fired.push({ message, score: firing.score, reasons: firing.reasons })
  }

  /**
   * Once all are taken, the oldest of those that fire first, one a step.
   * @param raises whether one raises an alert, or is kept with one before
   */
  *judge(raises: (message: StoredMessage) => boolean): Generator<void> {
    for (const example of [...this.fired].reverse()) {
      if (raises(example.message)) this.note(example)
      else this.repeated++
      yield
    }
  }

  private note(example: PreviewExample): void {
    this.matched++
    this.examples.unshift(example)
    if (this.examples.length > MAX_EXAMPLES) this.examples.pop()
  }

  /** By what the profile learned, where it did; what is shown to learn from is chosen by chance. */
  private firingOf(message: StoredMessage, byRules: Match): Match | undefined {
    if (!this.ready.learned) return byRules.score >= this.profile.min_score ? byRules : undefined
    const [match] = this.ready.learned.score(message)
    return match?.isExploration ? undefined : match
  }

  /** What became of each word, in the order of the profile. A word a step: a profile may have thousands. */
  *words(): Generator<PreviewWord> {
    const isFound = wordTest(this.tester)
    for (const entry of this.entries.values()) yield wordOf(entry, this.vocabulary, isFound)
  }
}

/** One a keyword, in the order of the categories, then one a query. */
function entriesOf({ keywords, queries = [] }: Profile): Map<string, Entry> {
  const entries = new Map<string, Entry>()
  const add = (kind: Entry['kind'], word: string, category = '') =>
    entries.set(`${kind} ${category} ${word}`, { kind, word, found: 0, surfaces: new Map() })
  for (const [category, { words }] of Object.entries(keywords)) for (const word of words) add('keyword', word, category)
  for (const { query } of queries) add('query', query)
  return entries
}

function countReasons(entries: Map<string, Entry>, text: string, reasons: readonly Reason[]): void {
  const seen = new Set<Entry>()
  for (const { kind, label, category = '', matches = [] } of reasons) {
    const entry = entries.get(`${kind} ${category} ${label}`)
    if (!entry || seen.has(entry)) continue
    seen.add(entry)
    entry.found++
    for (const { offset, length } of matches) {
      const surface = text.slice(offset, offset + length).toLowerCase()
      entry.surfaces.set(surface, (entry.surfaces.get(surface) ?? 0) + 1)
    }
  }
}

function wordOf(
  entry: Entry,
  vocabulary: Vocabulary,
  isFound: (keyword: string, word: string) => boolean,
): PreviewWord {
  const { kind, word, found } = entry
  const parts = partsOf(word, 'exact').map((part) => part.word)
  const own = parts.join(' ')
  const ownWords = new Set(kind === 'query' ? parts : [own])
  const others = [...entry.surfaces].sort(([, a], [, b]) => b - a).map(([surface]) => surface)
  return {
    word,
    found,
    also_matches: others.filter((surface) => !ownWords.has(plainOf(surface))).slice(0, MAX_WORDS),
    does_not_match:
      kind === 'query' || parts.length !== 1 ? [] : lookAlikes(vocabulary, own, (other) => isFound(word, other)),
    never_matches: kind === 'keyword' ? (wordFlaw(word)?.problem ?? null) : null,
  }
}

/** The words of what was found, as they are compared. */
function plainOf(surface: string): string {
  return partsOf(surface, 'exact')
    .map(({ word }) => word)
    .join(' ')
}

function lookAlikes(vocabulary: Vocabulary, own: string, isFound: (word: string) => boolean): string[] {
  const found: string[] = []
  for (const word of vocabulary.like(own)) {
    if (!isFound(word)) found.push(word)
    if (found.length === MAX_WORDS) break
  }
  return found
}

/** Below its least score a profile says nothing, and what it found below is what one wants to see. */
function atAnyScore(profile: Profile): Profile {
  return { ...profile, enabled: true, min_score: 0 }
}

/** A profile's keywords, wherever and whoever says them. */
function wordsAlone(profile: Profile): Profile {
  const bare = { ...profile, enabled: true, min_score: 0, queries: [], detectors: {}, vip_senders: [] }
  return { ...bare, excluded_senders: [], scope: {} }
}

/** Whether a profile's keyword finds a word that stands alone. */
function wordTest(scorer: Scorer): (keyword: string, word: string) => boolean {
  const known = new Map<string, Set<string>>()
  const labelsOf = (word: string) => {
    scorer.score({ ...SOMEBODY, text: word })
    return new Set(scorer.wordsFound().map(({ label }) => label))
  }
  return (keyword, word) => {
    let labels = known.get(word)
    if (!labels) known.set(word, (labels = labelsOf(word)))
    return labels.has(keyword)
  }
}

const SOMEBODY: StoredMessage = {
  row: 0,
  chatId: 0,
  messageId: 0,
  topicId: null,
  senderId: null,
  date: 0,
  text: '',
  flags: 0,
  replyToId: null,
  media: null,
  groupedId: null,
  chatKind: null,
  chatUsername: null,
  senderUsername: null,
}
