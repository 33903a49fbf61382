import type { MarkedId, Profile, Reason } from '../model'
import { MessageFlag } from '../model'
import type { StoredMessage } from '../store/messages'
import { compileProfile, type CompiledProfile, type Keyword, type Query } from './compiled-profile'
import { DETECTORS } from './detectors'
import { MessageFindings, type LanguageOf } from './findings'
import { isInScope, isNamed } from './scope'
import { WordIndex } from './words'

/** What scoring reads of a message. */
export type Scorable = StoredMessage

/** A profile that fires for a message. */
export interface Match {
  profile: Profile
  score: number
  reasons: Reason[]
}

/** What looks for one pattern. */
interface Users {
  keywords: Keyword[]
  /** Positions of profiles with a query that this pattern may make match; one a query. */
  queries: number[]
}

/**
 * Scores messages by every enabled profile, each alone by its own rules. A word adds its category's weight once, however
 * often it stands there, in whatever form; a query, a detector or a VIP sender adds its own. A profile fires when something was
 * found and the sum reaches its `min_score`. Pure: the same message and profiles give the same matches.
 */
export class Scorer {
  private readonly compiled: CompiledProfile[]
  private readonly users: Users[] = []
  private readonly findings: MessageFindings
  private readonly scores: Float64Array
  /** By profile: what was found of its words; and whether one of its queries may match. */
  private readonly hits: Keyword[][]
  private readonly mayMatch: Uint8Array

  /** `dictionary`: words of one group count as forms of one another. */
  constructor(
    profiles: readonly Profile[],
    dictionary: readonly (readonly string[])[] = [],
    languageOf: LanguageOf = () => null,
  ) {
    const index = new WordIndex(dictionary)
    const enabled = profiles.filter((profile) => profile.enabled)
    this.compiled = enabled.map((profile, position) => compileProfile(profile, position, index))
    this.findings = new MessageFindings(index, languageOf)
    this.scores = new Float64Array(this.compiled.length)
    this.hits = this.compiled.map(() => [])
    this.mayMatch = new Uint8Array(this.compiled.length)
    this.compiled.forEach((compiled, position) => this.noteUsers(compiled, position))
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

  /** Whether a profile names the chat by its id as one that it listens to. */
  names(chatId: MarkedId): boolean {
    return this.compiled.some(({ scope }) => scope.chats.has(String(chatId)))
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
    this.scores.fill(0)
    this.mayMatch.fill(0)
    for (const hits of this.hits) if (hits.length > 0) hits.length = 0
    for (const pattern of this.findings.found) this.note(this.users[pattern])
  }

  /** A pattern that only a part of a query looks for, which alone cannot make it match, has no users. */
  private note(users: Users | undefined): void {
    if (!users) return
    for (const keyword of users.keywords) {
      this.scores[keyword.profile] = (this.scores[keyword.profile] as number) + keyword.weight
      this.hits[keyword.profile]?.push(keyword)
    }
    for (const position of users.queries) this.mayMatch[position] = 1
  }

  private judge(compiled: CompiledProfile, position: number, message: Scorable): Match | null {
    const hits = this.hits[position] as Keyword[]
    const queries = this.mayMatch[position] === 1 ? compiled.queries : compiled.alwaysAsked
    const hasOther = compiled.detectors.length > 0 || compiled.vips.size > 0 || queries.length > 0
    if (hits.length === 0 && !hasOther) return null
    const { profile } = compiled
    if ((message.flags & MessageFlag.outgoing) !== 0 && !profile.include_own) return null
    if (!isInScope(compiled.scope, message)) return null
    if (compiled.excluded.size > 0 && isNamed(compiled.excluded, message.senderId, message.senderUsername)) return null
    const others = hasOther ? [...this.queryReasons(queries), ...otherReasons(compiled, message)] : []
    const score = others.reduce((sum, reason) => sum + reason.weight, this.scores[position] as number)
    if (score < profile.min_score) return null
    const reasons = [...this.wordReasons(hits), ...others]
    return reasons.length > 0 ? { profile, score, reasons } : null
  }

  private wordReasons(hits: readonly Keyword[]): Reason[] {
    return hits.map(({ label, category, weight, pattern }) => {
      const matches = this.findings.placesOf(pattern).map(this.findings.spanOf)
      return { kind: 'keyword', label, category, weight, matches }
    })
  }

  private queryReasons(queries: readonly Query[]): Reason[] {
    const reasons: Reason[] = []
    for (const { needs, test, label, weight } of queries) {
      if (needs !== null && !this.hasOne(needs)) continue
      const matches = test(this.findings)
      if (matches) reasons.push({ kind: 'query', label, weight, matches })
    }
    return reasons
  }

  private hasOne(patterns: ReadonlySet<number>): boolean {
    return this.findings.found.some((pattern) => patterns.has(pattern))
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
