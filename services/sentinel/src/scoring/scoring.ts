import type { MarkedId, Profile, Reason } from '../model'
import { MessageFlag } from '../model'
import type { StoredMessage } from '../store/messages'
import { compileProfile, type CompiledProfile, type Keyword, type Knowledge, type Query } from './compiled-profile'
import { countedOnce, type Counted } from './counting'
import { MessageFindings } from './findings'
import { Background } from './interest/background'
import { featureId, featuresOf, type TextFeatures } from './interest/features'
import type { Vectors } from './interest/meaning'
import { UNLIKE, type Likeness } from './interest/samples'
import { cuesOf } from './relevance/cues'
import { evidenceOf } from './relevance/evidence'
import type { Sparse } from './relevance/logistic'
import { explain, judge, type RelevanceModel } from './relevance/relevance-model'
import { addOtherReasons, interestReasons, isService } from './reasons'
import { isInScope, isNamed, type Place } from './scope'
import { WordIndex } from './words'

/** What scoring reads of a message. */
export type Scorable = StoredMessage

/** A profile that fires for a message. */
export interface Match {
  profile: Profile
  score: number
  reasons: Reason[]
  /** What the profile learned says, 0 to 1; null where its rules alone decide. */
  relevance: number | null
  /** Not quite relevant enough: shown to learn from. */
  isExploration: boolean
}

/** What was found of a profile in a message within its scope, whether it fires or not. */
export interface Finding {
  score: number
  reasons: Reason[]
  likeness: Likeness
}

/** What has to be looked up of a message beside its row: only what some profile asks for. */
export interface Wants {
  counts: boolean
  admins: boolean
}

/** The enabled profiles, and the words of all of them. */
interface Compiled {
  index: WordIndex
  compiled: CompiledProfile[]
}

/** What looks for one pattern. */
interface Users {
  keywords: Keyword[]
  /** Positions of profiles with a query that this pattern may make match; one a query. */
  queries: number[]
}

/**
 * Scores messages by every enabled profile, each alone by its own rules. A word adds its category's weight once, however
 * often it stands there, in whatever form and by however many entries it is found; a query, a detector or a VIP sender adds its own. A profile fires when something was
 * found and the sum reaches its `min_score`. Pure: the same message and profiles give the same matches.
 */
export class Scorer {
  readonly wants: Wants
  private readonly compiled: CompiledProfile[]
  private readonly users: Users[] = []
  private readonly findings: MessageFindings
  /** By profile: what was found of its words; and whether one of its queries may match. */
  private readonly hits: Keyword[][]
  private readonly mayMatch: Uint8Array
  private readonly background: Background
  private readonly vectors: Vectors | undefined
  /** Of the present message, where somebody asked. */
  private features: TextFeatures | null = null

  /** `dictionary`: words of one group count as forms of one another. `ready`: the same, compiled already. */
  constructor(
    profiles: readonly Profile[],
    dictionary: readonly (readonly string[])[] = [],
    knowledge: Knowledge = { background: new Background() },
    ready?: Compiled,
  ) {
    this.background = knowledge.background
    this.vectors = knowledge.vectors
    const { index, compiled } = ready ?? allOf(compiling(profiles, dictionary, knowledge))
    this.compiled = compiled
    this.wants = {
      counts: this.compiled.some(({ thresholds }) => thresholds !== null),
      admins: this.compiled.some(looksForAdmins),
    }
    this.findings = new MessageFindings(index, knowledge.languageOf ?? (() => null))
    this.hits = this.compiled.map(() => [])
    this.mayMatch = new Uint8Array(this.compiled.length)
    this.compiled.forEach((compiled, position) => this.noteUsers(compiled, position))
  }

  /** Made while everything else has its turn: `rested` is waited for before each step. */
  static async inTurns(
    profiles: readonly Profile[],
    dictionary: readonly (readonly string[])[],
    knowledge: Knowledge,
    rested: () => Promise<void>,
  ): Promise<Scorer> {
    const steps = compiling(profiles, dictionary, knowledge)
    let step = steps.next()
    for (; !step.done; step = steps.next()) await rested()
    return new Scorer(profiles, dictionary, knowledge, step.value)
  }

  score(message: Scorable): Match[] {
    this.find(message)
    const matches: Match[] = []
    for (let position = 0; position < this.compiled.length; position++) {
      const match = this.judge(this.compiled[position] as CompiledProfile, position, message)
      if (match) matches.push(match)
    }
    return matches
  }

  /** The evidence for and against a message, for the only profile that was compiled; null where it does not listen. */
  evidence(message: Scorable): Sparse | null {
    this.find(message)
    const compiled = this.compiled[0] as CompiledProfile
    if (!listens(compiled, message)) return null
    const found = this.findingOf(compiled, 0, message) ?? { score: 0, reasons: [], likeness: UNLIKE }
    return this.evidenceOf(compiled.profile, found, message)
  }

  /** Whether a profile names the chat by its id as one that it listens to. */
  names(chatId: MarkedId): boolean {
    return this.compiled.some(({ scope }) => scope.chats.has(String(chatId)))
  }

  /** Whether a profile wants to know of this chat what its admins write. */
  wantsAdminsOf(chat: Place): boolean {
    return this.wants.admins && this.compiled.some((each) => looksForAdmins(each) && isInScope(each.scope, chat))
  }

  /** What the only profile that was compiled has of words in the message that was scored last, whether it counts or not. */
  wordsFound(): Reason[] {
    const all = (this.hits[0] ?? []).map((keyword) => ({
      keyword,
      places: [...this.findings.placesOf(keyword.pattern)],
    }))
    return this.wordReasons(all)
  }

  private noteUsers({ keywords, queries }: CompiledProfile, position: number): void {
    for (const keyword of keywords) this.usersOf(keyword.pattern).keywords.push(keyword)
    for (const { needs } of queries) for (const pattern of needs ?? []) this.usersOf(pattern).queries.push(position)
  }

  private usersOf(pattern: number): Users {
    return (this.users[pattern] ??= { keywords: [], queries: [] })
  }

  private find(message: Scorable): void {
    this.findings.read(message)
    this.features = null
    this.mayMatch.fill(0)
    for (const hits of this.hits) if (hits.length > 0) hits.length = 0
    for (const pattern of this.findings.found) this.note(this.users[pattern])
  }

  /** A pattern that only a part of a query looks for, which alone cannot make it match, has no users. */
  private note(users: Users | undefined): void {
    if (!users) return
    for (const keyword of users.keywords) {
      this.hits[keyword.profile]?.push(keyword)
    }
    for (const position of users.queries) this.mayMatch[position] = 1
  }

  private judge(compiled: CompiledProfile, position: number, message: Scorable): Match | null {
    const found = this.findingOf(compiled, position, message)
    if (!found) return null
    const { profile, model } = compiled
    if (model) return this.judgeByModel(profile, model, found, message)
    const { score, reasons } = found
    if (score < profile.min_score || reasons.length === 0) return null
    return { profile, score, reasons, relevance: null, isExploration: false }
  }

  private judgeByModel(profile: Profile, model: RelevanceModel, found: Finding, message: Scorable): Match | null {
    const evidence = this.evidenceOf(profile, found, message)
    const { relevance, verdict } = judge(model, evidence, chanceOf(profile.id, message))
    if (verdict === 'none') return null
    const reasons = [...found.reasons, ...explain(message.text, evidence, model.weights)]
    return { profile, score: found.score, reasons, relevance, isExploration: verdict === 'explore' }
  }

  /** Null where the profile does not listen, or where there is nothing to find. */
  private findingOf(compiled: CompiledProfile, position: number, message: Scorable): Finding | null {
    const hits = this.hits[position] as Keyword[]
    const queries = this.mayMatch[position] === 1 ? compiled.queries : compiled.alwaysAsked
    if (hits.length === 0 && queries.length === 0 && !compiled.looksBeyondWords) return null
    if (!listens(compiled, message)) return null
    const reasons = hits.length > 0 ? this.wordReasons(countedOnce(hits, this.findings.placesOf)) : []
    if (queries.length > 0) this.addQueryReasons(reasons, queries, message)
    if (compiled.looksBeyondWords) addOtherReasons(reasons, compiled, message)
    if (compiled.interest === null && compiled.model === null && reasons.length === 0) return null
    const likeness = this.likenessTo(compiled, message)
    if (compiled.interest) reasons.push(...interestReasons(compiled.profile, likeness))
    return { score: reasons.reduce((sum, { weight }) => sum + weight, 0), reasons, likeness }
  }

  /** By meaning where the message and the samples were read by a model, else by words. */
  private likenessTo({ interest, meaning }: CompiledProfile, message: Scorable): Likeness {
    if (interest === null) return UNLIKE
    const vector = meaning === null ? undefined : this.vectors?.of(message.text)
    return vector && meaning ? meaning.measure(vector) : interest.measure(this.readFeatures(message))
  }

  private evidenceOf(profile: Profile, { score, reasons, likeness }: Finding, message: Scorable): Sparse {
    const rules = reasons.filter(({ kind }) => kind !== 'interest')
    return evidenceOf(
      {
        text: this.readFeatures(message),
        cues: cuesOf(
          message.text,
          rules.flatMap(({ matches = [] }) => matches),
        ),
        likeness,
        ruleScore: profile.min_score > 0 ? score / profile.min_score : score,
        rules: rules.map(({ kind, label }) => `${kind} ${label}`),
        chatId: message.chatId,
        senderId: message.senderId,
      },
      this.background,
    )
  }

  private readFeatures(message: Scorable): TextFeatures {
    return (this.features ??= featuresOf(message.text))
  }

  private wordReasons(counted: readonly Counted[]): Reason[] {
    return counted.map(({ keyword: { label, category, weight }, places }) => {
      return { kind: 'keyword', label, category, weight, matches: places.map(this.findings.spanOf) }
    })
  }

  private addQueryReasons(reasons: Reason[], queries: readonly Query[], message: Scorable): void {
    // A query that only says what must not be there fits every service message without a word.
    if (isService(message) && message.text === '') return
    for (const { needs, test, label, weight } of queries) {
      if (needs !== null && !this.hasOne(needs)) continue
      const matches = test(this.findings)
      if (matches) reasons.push({ kind: 'query', label, weight, matches })
    }
  }

  private hasOne(patterns: ReadonlySet<number>): boolean {
    return this.findings.found.some((pattern) => patterns.has(pattern))
  }
}

function listens({ profile, scope, excluded }: CompiledProfile, message: Scorable): boolean {
  if ((message.flags & MessageFlag.outgoing) !== 0 && !profile.include_own) return false
  if (!isInScope(scope, message)) return false
  return excluded.size === 0 || !isNamed(excluded, message.senderId, message.senderUsername, message.senderUsernames)
}

/** 0 to 999, the same for the same message and profile. */
function chanceOf(profileId: number, { chatId, messageId }: Scorable): number {
  return featureId(`${profileId} ${chatId} ${messageId}`) % 1000
}

function looksForAdmins({ detectors }: CompiledProfile): boolean {
  return detectors.some(([detector]) => detector === 'admin')
}

/** A profile each step. */
function* compiling(
  profiles: readonly Profile[],
  dictionary: readonly (readonly string[])[],
  knowledge: Knowledge,
): Generator<void, Compiled> {
  const index = new WordIndex()
  for (const group of dictionary) {
    index.addGroup(group)
    yield
  }
  const compiled: CompiledProfile[] = []
  for (const profile of profiles.filter(({ enabled }) => enabled)) {
    compiled.push(yield* compileProfile(profile, compiled.length, index, knowledge))
    yield
  }
  return { index, compiled }
}

function allOf(steps: Generator<void, Compiled>): Compiled {
  let step = steps.next()
  while (!step.done) step = steps.next()
  return step.value
}
