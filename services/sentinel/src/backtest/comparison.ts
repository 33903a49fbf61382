import { DAY, SECOND } from '@tgsentinel/kernel/time'
import type { Profile, Reason } from '../model'
import type { Knowledge } from '../scoring/compiled-profile'
import { Scorer, type Match, type Wants } from '../scoring/scoring'
import type { StoredMessage } from '../store/messages'
import { Trial, TrialReadings, type TrialSource } from '../stories/trial'

export interface Example {
  message: StoredMessage
  score: number
  reasons: Reason[]
}

const MAX_EXAMPLES = 20

/**
 * Which alerts two versions of a profile would raise for the same messages. Fed the oldest first, so that a story is told by who told it
 * first; of many examples the newest are kept. No input or output.
 */
export class Comparison {
  alerts = 0
  alertsNow = 0
  added = 0
  removed = 0
  /** When the first message of the period was posted, in unix seconds. */
  firstDate = Infinity
  readonly addedExamples: Example[] = []
  readonly removedExamples: Example[] = []
  /** By days since 1970, in UTC. */
  readonly days = new Map<number, { alerts: number; alertsNow: number }>()
  private readonly next: Side
  private readonly now: Side | null

  /** `now` null: there is nothing to compare with. `ready`: the same, compiled already. */
  constructor(
    next: Profile,
    now: Profile | null,
    dictionary: readonly string[][],
    knowledge?: Knowledge,
    ready?: readonly [Scorer, Scorer | null],
    source?: TrialSource,
  ) {
    const readings = new TrialReadings(source)
    this.next = new Side(ready?.[0] ?? new Scorer([switchedOn(next)], dictionary, knowledge), new Trial(next, readings))
    this.now =
      now && new Side(ready?.[1] ?? new Scorer([switchedOn(now)], dictionary, knowledge), new Trial(now, readings))
  }

  /** Made while everything else has its turn: a profile may have thousands of words. */
  static async inTurns(
    next: Profile,
    now: Profile | null,
    dictionary: readonly string[][],
    knowledge: Knowledge,
    rested: () => Promise<void>,
    source: TrialSource,
  ): Promise<Comparison> {
    const compiled = (profile: Profile) => Scorer.inTurns([switchedOn(profile)], dictionary, knowledge, rested)
    const ready = [await compiled(next), now && (await compiled(now))] as const
    return new Comparison(next, now, dictionary, knowledge, ready, source)
  }

  /** What has to be known of a message that is taken. */
  get wants(): Wants {
    const [next, now] = [this.next.wants, this.now?.wants]
    return { counts: next.counts || now?.counts === true, admins: next.admins || now?.admins === true }
  }

  /** `isBefore`: it was posted before the period, and only its story counts. */
  take(message: StoredMessage, isBefore = false): void {
    const next = this.next.judge(message)
    const now = this.now?.judge(message) ?? null
    if (isBefore) return
    this.firstDate = Math.min(this.firstDate, message.date)
    if (!next && !now) return
    this.count(message, next !== null, now !== null)
    if (next && !now) this.added += note(this.addedExamples, message, next)
    if (now && !next) this.removed += note(this.removedExamples, message, now)
  }

  private count({ date }: StoredMessage, isNext: boolean, isNow: boolean): void {
    const key = Math.floor((date * SECOND) / DAY)
    const day = this.days.get(key) ?? { alerts: 0, alertsNow: 0 }
    this.days.set(key, day)
    this.alerts += Number(isNext)
    this.alertsNow += Number(isNow)
    day.alerts += Number(isNext)
    day.alertsNow += Number(isNow)
  }
}

/** One version of the profile. */
class Side {
  constructor(
    private readonly scorer: Scorer,
    private readonly trial: Trial,
  ) {}

  get wants(): Wants {
    return this.scorer.wants
  }

  judge(message: StoredMessage): Match | null {
    const [match] = this.scorer.score(message)
    // What is shown to learn from is chosen by chance.
    if (!match || match.isExploration) return null
    return this.trial.raises(message) ? match : null
  }
}

/** Whoever tries a profile that is off wants to know what it would do. */
function switchedOn(profile: Profile): Profile {
  return { ...profile, enabled: true }
}

function note(examples: Example[], message: StoredMessage, { score, reasons }: Match): 1 {
  examples.push({ message, score, reasons })
  if (examples.length > MAX_EXAMPLES) examples.shift()
  return 1
}
