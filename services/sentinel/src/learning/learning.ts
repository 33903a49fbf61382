import { createHash } from 'node:crypto'
import { setImmediate as nextTurn } from 'node:timers/promises'
import { isStorageFailure } from '@tgsentinel/kernel/sqlite'
import type { Logger } from '@tgsentinel/kernel/log'
import { DAY, HOUR, SECOND } from '@tgsentinel/kernel/time'
import type { Bus } from '../bus/bus'
import { failure, type Label, type LearningView, type MarkedId, type Profile } from '../model'
import type { Profiles } from '../profiles'
import { Background } from '../scoring/interest/background'
import { featuresOf } from '../scoring/interest/features'
import { probability, type Weights } from '../scoring/relevance/logistic'
import type { NewModel } from '../store/relevance-models'
import type { StoredMessage } from '../store/messages'
import type { Store } from '../store/store'
import { curveOf, EvidenceReader, examplesOf, learn, thresholdFor } from './training'

export interface LearningOptions {
  store: Store
  profiles: Profiles
  bus: Bus
  log: Logger
  now: () => number
}

/** Of the latest labels so many are learned from. */
const MAX_LABELS = 2000
const HISTORY_DAYS = 14
const HISTORY_MESSAGES = 10_000
const PAGE = 200
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

  constructor(private readonly options: LearningOptions) {}

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
  labels(profileId: number): Label[] {
    this.options.profiles.get(profileId)
    return this.options.store.labels.list(profileId, MAX_LABELS)
  }

  /** @throws ApiError NOT_FOUND: no such profile, or no such message stored */
  label(profileId: number, chatId: MarkedId, messageId: number, relevant: boolean): Label {
    const { profiles, store, now } = this.options
    profiles.get(profileId)
    const label = this.change(profileId, chatId, messageId, relevant, () =>
      store.labels.put(profileId, chatId, messageId, relevant, now()),
    )
    if (!label) throw failure('NOT_FOUND', `Message ${messageId} of chat ${chatId} is not stored here.`)
    return label
  }

  /** @throws ApiError NOT_FOUND */
  unlabel(profileId: number, chatId: MarkedId, messageId: number): void {
    const { profiles, store } = this.options
    profiles.get(profileId)
    const wasThere = this.change(profileId, chatId, messageId, null, () =>
      store.labels.delete(profileId, chatId, messageId),
    )
    if (!wasThere) throw failure('NOT_FOUND', 'Nothing was said of this message.')
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

  /** The label, and what the pages that show its alert have to know. */
  private change<T>(profileId: number, chatId: MarkedId, messageId: number, label: boolean | null, write: () => T): T {
    const { store, bus } = this.options
    const written = store.transaction(() => {
      const result = write()
      const alert = result ? store.alerts.findOf(profileId, chatId, messageId) : undefined
      if (alert) {
        const { id, read, starred, dismissed } = alert
        store.events.add('alert_changed', { id, read, starred, dismissed, label })
      }
      return result
    })
    bus.ring('events')
    this.lookSoon()
    return written
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
    const { store, profiles } = this.options
    const known = store.background.load()
    const upToRow = store.messages.lastRow()
    if (upToRow < LEAST_BACKGROUND || upToRow < (known?.upToRow ?? 0) * GROWTH) return
    const background = new Background()
    await this.eachOfHistory(0, (message) => background.read(featuresOf(message.text)))
    if (this.isClosed) return
    const { messages, bytes: counts } = background
    store.transaction(() => store.background.save({ messages, counts, upToRow }))
    profiles.recompile()
  }

  private async train(profile: Profile): Promise<void> {
    const { store, profiles, now, log } = this.options
    const labels = store.labels.examples(profile.id, MAX_LABELS)
    const basis = this.basisOf(profile, labels)
    if (store.relevanceModels.basisOf(profile.id) === basis) return
    this.training.add(profile.id)
    const reader = new EvidenceReader(profile, profiles.dictionary, profiles.background)
    const examples = examplesOf(labels, reader)
    const weights = await learn(examples, nextTurn)
    const curve = await curveOf(examples, nextTurn)
    const threshold = await this.thresholdOf(profile, reader, weights)
    if (this.isClosed) return
    const positives = labels.filter(({ relevant }) => relevant).length
    this.put(profile.id, { weights, threshold, labels: labels.length, positives, curve, basis, atMs: now() })
    log.info({ profile: profile.id, labels: labels.length, threshold }, 'a profile learned')
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
    const all = JSON.stringify([revision, labels, background, profiles.dictionary, day])
    return createHash('sha256').update(all).digest('hex')
  }

  private async thresholdOf({ learning }: Profile, reader: EvidenceReader, weights: Weights): Promise<number> {
    const perDay = learning.alerts_per_day ?? null
    const relevances: number[] = []
    const dates: number[] = []
    if (perDay !== null)
      await this.eachOfHistory(HISTORY_DAYS, (message) => {
        const evidence = reader.read(this.options.store.circumstances.complete(message, reader.wants))
        if (evidence) relevances.push(probability(evidence, weights))
        dates.push(message.date)
      })
    const spanMs = dates.length > 1 ? ((dates[0] as number) - (dates.at(-1) as number)) * SECOND : 0
    return thresholdFor(perDay, relevances, Math.max(1, spanMs / DAY))
  }

  /** Of the newest messages, of so many days (0: all), a page a turn. */
  private async eachOfHistory(days: number, take: (message: StoredMessage) => void): Promise<void> {
    const { store, now } = this.options
    const since = days === 0 ? 0 : (now() - days * DAY) / SECOND
    let row = Number.MAX_SAFE_INTEGER
    for (let left = HISTORY_MESSAGES; left > 0; left -= PAGE) {
      await nextTurn()
      const page = this.isClosed ? [] : store.newestMessages.before(row, PAGE)
      for (const message of page) if (message.date >= since) take(message)
      if (page.length < PAGE || (page.at(-1)?.date ?? 0) < since) return
      row = page.at(-1)?.row ?? 0
    }
  }
}

function hasSamples({
  positive_samples: positive = [],
  negative_samples: negative = [],
}: Profile['interest']): boolean {
  return positive.length + negative.length > 0
}
