import type { Category, Detector, MarkedId, Profile, Reason } from '../model'
import { MessageFlag } from '../model'
import type { StoredMessage } from '../store/messages'
import { DETECTORS } from './detectors'
import { isInScope, isNamed, namesOf, scopeOf, type Names, type ScopeRules } from './scope'
import { Tokens } from './tokens'
import { WordIndex } from './words'

/** What scoring reads of a message. */
export type Scorable = StoredMessage

/** A profile that fires for a message. */
export interface Match {
  profile: Profile
  score: number
  reasons: Reason[]
}

interface Keyword {
  /** Position of its profile among the compiled ones. */
  profile: number
  label: string
  category: Category
  weight: number
}

interface CompiledProfile {
  profile: Profile
  scope: ScopeRules
  excluded: Names
  vips: Names
  detectors: [Detector, number][]
}

interface Found {
  keyword: number
  first: number
  last: number
}

/**
 * Scores messages by every enabled profile, each alone by its own rules. A word adds its category's weight once, however
 * often it stands there; a detector or a VIP sender adds its own. A profile fires when something was found and the sum
 * reaches its `min_score`. Pure: the same message and profiles give the same matches.
 */
export class Scorer {
  private readonly compiled: CompiledProfile[]
  private readonly keywords: Keyword[] = []
  /** Word id -> keywords that look for it, in any profile. */
  private readonly users: number[][] = []
  private readonly index: WordIndex
  private readonly tokens = new Tokens()
  private readonly scores: Float64Array
  private readonly seen: Int32Array
  private found: Found[] = []
  private round = 0

  constructor(profiles: readonly Profile[]) {
    this.compiled = profiles.filter((profile) => profile.enabled).map(compile)
    const words = new Map<string, number>()
    this.compiled.forEach(({ profile }, position) => this.addKeywords(profile, position, words))
    this.index = new WordIndex([...words.keys()])
    this.scores = new Float64Array(this.compiled.length)
    this.seen = new Int32Array(this.keywords.length)
  }

  score(message: Scorable): Match[] {
    this.findWords(message.text)
    const matches: Match[] = []
    for (let position = 0; position < this.compiled.length; position++) {
      const match = this.judge(this.compiled[position] as CompiledProfile, position, message)
      if (match) matches.push(match)
    }
    return matches
  }

  /** Whether a profile names the chat by its id as one that it listens to. */
  names(chatId: MarkedId): boolean {
    return this.compiled.some(({ scope }) => scope.chats.has(String(chatId)))
  }

  private addKeywords(profile: Profile, position: number, words: Map<string, number>): void {
    for (const [category, { words: list, weight = 1 }] of Object.entries(profile.keywords)) {
      for (const label of new Set(list)) {
        const keyword = this.keywords.push({ profile: position, label, category: category as Category, weight }) - 1
        let word = words.get(label)
        if (word === undefined) words.set(label, (word = words.size))
        ;(this.users[word] ??= []).push(keyword)
      }
    }
  }

  private findWords(text: string): void {
    this.scores.fill(0)
    if (this.found.length > 0) this.found = []
    this.round++
    if (text === '' || this.keywords.length === 0) return
    this.tokens.read(text)
    this.index.scan(this.tokens, this.note)
  }

  private readonly note = (word: number, first: number, last: number): void => {
    for (const keyword of this.users[word] as number[]) {
      this.found.push({ keyword, first, last })
      if (this.seen[keyword] === this.round) continue
      this.seen[keyword] = this.round
      const { profile, weight } = this.keywords[keyword] as Keyword
      this.scores[profile] = (this.scores[profile] as number) + weight
    }
  }

  private judge(compiled: CompiledProfile, position: number, message: Scorable): Match | null {
    const fromWords = this.scores[position] as number
    const hasOther = compiled.detectors.length > 0 || compiled.vips.size > 0
    if (fromWords === 0 && !hasOther && this.found.length === 0) return null
    const { profile } = compiled
    if ((message.flags & MessageFlag.outgoing) !== 0 && !profile.include_own) return null
    if (!isInScope(compiled.scope, message)) return null
    if (compiled.excluded.size > 0 && isNamed(compiled.excluded, message.senderId, message.senderUsername)) return null
    const others = hasOther ? otherReasons(compiled, message) : []
    const score = others.reduce((sum, reason) => sum + reason.weight, fromWords)
    if (score < profile.min_score) return null
    const reasons = [...this.wordReasons(position), ...others]
    return reasons.length > 0 ? { profile, score, reasons } : null
  }

  private wordReasons(position: number): Reason[] {
    const reasons = new Map<number, Reason>()
    for (const { keyword, first, last } of this.found) {
      const { profile, label, category, weight } = this.keywords[keyword] as Keyword
      if (profile !== position) continue
      let reason = reasons.get(keyword)
      if (!reason) reasons.set(keyword, (reason = { kind: 'keyword', label, category, weight, matches: [] }))
      const offset = this.tokens.starts[first] as number
      reason.matches?.push({ offset, length: (this.tokens.ends[last] as number) - offset })
    }
    return [...reasons.values()]
  }
}

function compile(profile: Profile): CompiledProfile {
  return {
    profile,
    scope: scopeOf(profile.scope),
    excluded: namesOf(profile.excluded_senders),
    vips: namesOf(profile.vip_senders),
    detectors: Object.entries(profile.detectors).filter(([, weight]) => weight > 0) as [Detector, number][],
  }
}

function otherReasons(compiled: CompiledProfile, message: Scorable): Reason[] {
  const reasons: Reason[] = []
  for (const [detector, weight] of compiled.detectors) {
    if (DETECTORS[detector](message)) reasons.push({ kind: 'detector', label: detector, weight })
  }
  if (compiled.vips.size > 0 && isNamed(compiled.vips, message.senderId, message.senderUsername)) {
    reasons.push({
      kind: 'vip',
      label: vipLabel(message.senderId, message.senderUsername),
      weight: compiled.profile.vip_weight,
    })
  }
  return reasons
}

function vipLabel(id: MarkedId | null, username: string | null): string {
  return username ? `@${username}` : String(id)
}
