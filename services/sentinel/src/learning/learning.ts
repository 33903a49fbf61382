import { createHash } from 'node:crypto'
import { setImmediate as nextTurn } from 'node:timers/promises'
import { isStorageFailure } from '@tgsentinel/kernel/sqlite'
import type { Logger } from '@tgsentinel/kernel/log'
import { DAY, HOUR, SECOND } from '@tgsentinel/kernel/time'
import type { Bus } from '../bus/bus'
import { failure, type LearningView, type Profile } from '../model'
import type { Profiles } from '../profiles'
import { Background } from '../scoring/interest/background'
import { featuresOf } from '../scoring/interest/features'
import { EVIDENCE_VERSION } from '../scoring/relevance/evidence'
import { probability, type Weights } from '../scoring/relevance/logistic'
import type { NewModel } from '../store/relevance-models'
import type { StoredMessage } from '../store/messages'
import type { Store } from '../store/store'
import { readHistory } from './history'
import { Labels, MAX_LABELS } from './labels'
import { curveOf, EvidenceReader, examplesOf, learn, thresholdFor } from './training'

export interface LearningOptions {
  store: Store
  profiles: Profiles
  bus: Bus
  log: Logger
  now: () => number
}

const HISTORY_DAYS = 14
const READ_BY_MODEL = 1000
/** After a change so much time for the next one. */
const LOOK_AFTER_MS = SECOND
/** What is posted changes: thresholds for so many alerts a day are set anew. */
const LOOK_EVERY_MS = 6 * HOUR
/** The background is counted anew when so many times as many messages are stored. */
const GROWTH = 2
const LEAST_BACKGROUND = 200

/**
 * Learns what is relevant from what the owner says of messages: a model a profile, made from its labels, rules and samples
 * alone, so that the same labels make the same model. Runs in the background; what was learned is in force until there is more.
 */
export class Learning {
  private timer: NodeJS.Timeout | undefined
  private run: Promise<void> | null = null
  private isAsked = false
  private isClosed = false
  private readonly training = new Set<number>()

  readonly labels: Labels

  constructor(private readonly options: LearningOptions) {
    this.labels = new Labels({ ...options, onChange: () => this.lookSoon() })
  }

  /** Looks for what there is to learn, now and after every change. */
  start(): void {
    this.options.profiles.onChange(() => this.lookSoon())
    this.lookSoon()
  }

  /** @throws ApiError NOT_FOUND */
  view(profileId: number): LearningView {
    const { profiles, store } = this.options
    const { learning } = profiles.get(profileId)
    const labels = store.labels.list(profileId, MAX_LABELS)
    const isTraining = this.isAsked || this.training.has(profileId)
    return {
      state: !learning.enabled ? 'off' : isTraining ? 'training' : 'ready',
      labels: labels.length,
      positives: labels.filter(({ relevant }) => relevant).length,
      ...store.relevanceModels.view(profileId),
    }
  }

  /** @throws ApiError NOT_FOUND */
  restore(profileId: number, version: number): LearningView {
    const { profiles, store } = this.options
    profiles.get(profileId)
    const isChosen = store.transaction(() => store.relevanceModels.choose(profileId, version))
    if (!isChosen) throw failure('NOT_FOUND', `There is no model ${version} of this profile, or not any more.`)
    profiles.recompile()
    return this.view(profileId)
  }

  /** Resolves once nothing is learned any more. */
  async close(): Promise<void> {
    this.isClosed = true
    clearTimeout(this.timer)
    await this.run
  }

  private lookSoon(): void {
    this.isAsked = true
    if (this.run || this.isClosed) return
    clearTimeout(this.timer)
    this.timer = setTimeout(() => this.look(), LOOK_AFTER_MS)
  }

  private look(): void {
    this.timer = undefined
    this.isAsked = false
    this.run ??= this.work().finally(() => {
      this.run = null
      this.training.clear()
      if (this.isClosed) return
      if (this.isAsked) this.lookSoon()
      else this.timer = setTimeout(() => this.look(), LOOK_EVERY_MS).unref()
    })
  }

  /** It never rejects. */
  private async work(): Promise<void> {
    const { profiles, log } = this.options
    try {
      const reading = profiles.list().filter(({ interest, learning }) => learning.enabled || hasSamples(interest))
      if (reading.length === 0) return
      await this.countBackground()
      for (const profile of reading) if (profile.learning.enabled && !this.isClosed) await this.train(profile)
    } catch (error) {
      if (!isStorageFailure(error)) log.error({ err: error }, 'learning broke off')
      else log.warn({ err: error }, 'the database takes nothing that was learned')
    }
  }

  /** Anew only when there is much more to count than before: scores are to stay what they are. */
  private async countBackground(): Promise<void> {
    const { store, profiles, now } = this.options
    const known = store.background.load()
    const upToRow = store.messages.lastRow()
    if (upToRow < LEAST_BACKGROUND || upToRow < (known?.upToRow ?? 0) * GROWTH) return
    const background = new Background()
    const take = (message: StoredMessage) => background.read(featuresOf(message.text))
    await readHistory(store, now(), { days: 0, take, isStopped: () => this.isClosed })
    if (this.isClosed) return
    const { messages, bytes: counts } = background
    store.transaction(() => store.background.save({ messages, counts, upToRow }))
    profiles.recompile()
  }

  private async train(profile: Profile): Promise<void> {
    const { store, profiles, now, log } = this.options
    // What likeness is judged by belongs to the basis.
    await this.readMeaning([])
    if (profiles.isMeaningPassing) return this.again()
    const labels = store.labels.examples(profile.id, MAX_LABELS)
    const basis = this.basisOf(profile, labels)
    if (store.relevanceModels.basisOf(profile.id) === basis) return
    this.training.add(profile.id)
    await this.readMeaning(labels.map(({ message }) => message))
    const reader = new EvidenceReader(profile, profiles.dictionary, profiles.unlearned)
    const examples = examplesOf(labels, reader)
    const weights = await learn(examples, nextTurn)
    const curve = await curveOf(examples, nextTurn)
    const threshold = await this.thresholdOf(profile, reader, weights)
    if (this.isClosed) return
    if (this.basisOf(profile, labels) !== basis) return this.again()
    const positives = labels.filter(({ relevant }) => relevant).length
    this.put(profile.id, { weights, threshold, labels: labels.length, positives, curve, basis, atMs: now() })
    log.info({ profile: profile.id, labels: labels.length, threshold }, 'a profile learned')
  }

  private again(): void {
    this.isAsked = true
  }

  private put(profileId: number, model: NewModel): void {
    const { store, profiles, bus } = this.options
    const isThere = store.transaction(() => {
      // It may have been deleted meanwhile.
      if (!store.profiles.find(profileId)) return false
      store.relevanceModels.add(profileId, model)
      store.events.add('profiles', {})
      return true
    })
    if (!isThere) return
    profiles.recompile()
    bus.ring('events')
  }

  /** What a model is made from. Where so many alerts a day are wanted, what is posted belongs to it. */
  private basisOf({ revision, learning }: Profile, labels: readonly unknown[]): string {
    const { store, profiles, now } = this.options
    const day = learning.alerts_per_day == null ? null : Math.floor(now() / DAY)
    const background = store.background.load()?.upToRow ?? 0
    const seenAs = [EVIDENCE_VERSION, background, profiles.dictionary, profiles.meaningName]
    const all = JSON.stringify([revision, labels, day, ...seenAs])
    return createHash('sha256').update(all).digest('hex')
  }

  private async thresholdOf({ learning }: Profile, reader: EvidenceReader, weights: Weights): Promise<number> {
    const perDay = learning.alerts_per_day ?? null
    const relevances: number[] = []
    const dates: number[] = []
    if (perDay !== null)
      await this.eachJudged((message) => {
        const evidence = reader.read(this.options.store.circumstances.complete(message, reader.wants))
        if (evidence) relevances.push(probability(evidence, weights))
        dates.push(message.date)
      })
    // A history of some hours is not a day.
    const spanMs = this.options.now() - Math.min(...dates) * SECOND
    return thresholdFor(perDay, relevances, Math.max(HOUR, Number.isFinite(spanMs) ? spanMs : DAY) / DAY)
  }

  /** What was posted of late, as scoring would see it; a sentence model takes its time, so that it reads less. */
  private async eachJudged(take: (message: StoredMessage) => void): Promise<void> {
    const { store, profiles, now } = this.options
    const prepare = (page: readonly StoredMessage[]) => this.readMeaning(page)
    const slower = profiles.readsMeaning ? { prepare, most: READ_BY_MODEL } : {}
    await readHistory(store, now(), { days: HISTORY_DAYS, take, isStopped: () => this.isClosed, ...slower })
  }

  private async readMeaning(messages: readonly StoredMessage[]): Promise<void> {
    const texts = messages.map(({ text }) => text)
    await this.options.profiles.readMeaning(texts, 'background')
  }
}

function hasSamples({
  positive_samples: positive = [],
  negative_samples: negative = [],
}: Profile['interest']): boolean {
  return positive.length + negative.length > 0
}
