import { isDeepStrictEqual } from 'node:util'
import { isoMoment } from '@tgsentinel/kernel/time'
import { turnTaker } from '@tgsentinel/kernel/turns'
import type { Bus } from './bus/bus'
import { Embeddings } from './embedding/embeddings'
import type { Urgency } from './embedding/model'
import {
  failure,
  type Actor,
  type DeadRule,
  type MarkedId,
  type Profile,
  type ProfileDraft,
  type ProfileRevision,
} from './model'
import { carriedScope } from './profiles/carried-scope'
import { changesBetween } from './profiles/changes'
import { withoutRepetition, type DictionaryGroups } from './profiles/dictionary'
import { deadRulesOf } from './profiles/dead-rules'
import { requireUsableQueries } from './profiles/queries'
import { requireRevision } from './profiles/revision-tag'
import { rulesOf } from './profiles/rules'
import { samplesOf, type Knowledge } from './scoring/compiled-profile'
import { Background } from './scoring/interest/background'
import { Scorer } from './scoring/scoring'
import { languageOf } from './search/language'
import { Words } from './search/words'
import type { Deed } from './store/profile-revisions'
import type { ProfileRules } from './store/profile-rules'
import type { Store } from './store/store'
import { STARTER } from './starter-profile'

/** So many profiles are remembered to have been looked through for rules that can never match. */
const MAX_VIEWED = 1000

/** Who changes a profile, and which revision of it they know: the header `If-Match`, undefined where any will do. */
export interface Change {
  by: Actor
  ifMatch?: string | undefined
}

/** A profile of a file, whose name and rules take the place of the present one's. */
export interface TakenOver {
  present: Profile | null
  name: string
  json: string
}

/** So much of rules in all is compiled in some milliseconds. */
const QUICK_CHARACTERS = 50_000

/** The profiles with their revisions and the dictionary, and the scorer compiled from them as they are now. */
export class Profiles {
  private compiled: Scorer | undefined
  /** Counts what was to be compiled anew. */
  private generation = 0
  private known: Background | undefined
  /** By id and revision. */
  private readonly dead = new Map<string, DeadRule[]>()
  private readonly words = new Words()
  private onChanged: () => void = () => undefined
  private settling: Promise<void> = Promise.resolve()

  constructor(
    private readonly store: Store,
    private readonly bus: Bus,
    private readonly now: () => number,
    private readonly embeddings = new Embeddings(null),
  ) {}

  /** Puts the starter profile in place, at the first run only: one that was deleted does not come back. */
  ensureStarter(): void {
    this.store.transaction(() => {
      if (this.store.settings.get('starter_profile') !== undefined) return
      if (this.store.profiles.list().length === 0)
        this.store.profiles.add(STARTER.name, rulesOf(STARTER), this.deed('created', 'sentinel'))
      this.store.settings.set('starter_profile', 'created')
    })
  }

  /** The scorer of the present profiles; compiled anew after a change. */
  get scorer(): Scorer {
    this.compiled ??= new Scorer(this.store.profiles.list(), this.dictionary, this.knowledge)
    return this.compiled
  }

  /** What was counted and learned, as it is in force. */
  get knowledge(): Knowledge {
    return { ...this.unlearned, models: this.store.relevanceModels.inForce() }
  }

  /** The same without what was learned: by rules and samples alone. */
  get unlearned(): Knowledge {
    const vectors = this.embeddings.isOn ? this.embeddings : undefined
    return { background: this.background, vectors, languageOf: (text) => languageOf(text, this.words.of(text)) }
  }

  /** What is said in the owner's chats anyway, as it was counted last. */
  private get background(): Background {
    const kept = this.known ? undefined : this.store.background.load()
    this.known ??= new Background(kept?.counts, kept?.messages)
    return this.known
  }

  /** What was learned, or counted, is in force from the next message on. */
  recompile(): void {
    this.generation += 1
    this.compiled = undefined
    this.known = undefined
  }

  /**
   * Compiles what is there now while everything else has its turn in `rested`; until then messages are scored as before. What is changed
   * meanwhile ends it: then the next message has everything compiled, as after any change.
   */
  async compileInTurns(rested: () => Promise<void>): Promise<void> {
    const generation = ++this.generation
    const profiles: Profile[] = []
    for (const { id } of this.names()) {
      await rested()
      const profile = this.find(id)
      if (profile) profiles.push(profile)
    }
    const scorer = await Scorer.inTurns(profiles, this.dictionary, this.knowledge, rested)
    if (generation === this.generation) this.compiled = scorer
  }

  /** Resolves once what was changed is in force: long rules are compiled in turns, and messages are scored as before until then. */
  get settled(): Promise<void> {
    return this.settling
  }

  /** What takes moments is compiled with the next message. */
  private renew(): void {
    if (this.store.profiles.size() <= QUICK_CHARACTERS) return this.recompile()
    this.settling = this.compileInTurns(turnTaker()).catch(() => this.recompile())
  }

  /** Whether likeness is judged by a sentence model, so that texts have to be read before they are scored. */
  get readsMeaning(): boolean {
    return this.embeddings.isOn
  }

  /** Whether that will soon be otherwise: the model is being loaded, or started again. */
  get isMeaningPassing(): boolean {
    return this.embeddings.isPassing
  }

  /** What likeness is judged by; empty where it is by words. */
  get meaningName(): string {
    return this.embeddings.name
  }

  /** Resolves when the sentence model, where there is one, has read these texts and the samples that they are compared with. */
  async readMeaning(texts: readonly string[], urgency: Urgency, drafts: readonly Profile[] = []): Promise<void> {
    if (!this.embeddings.isOn) return
    const samples = [...this.list(), ...drafts].flatMap((profile) => samplesOf(profile) ?? [])
    if (samples.length === 0) return
    const sampled = samples.flatMap(({ positive, negative }) => [...positive, ...negative])
    const isNew = await this.embeddings.read([...this.embeddings.references, ...sampled], urgency)
    if (isNew) this.recompile()
    await this.embeddings.read(texts, urgency)
  }

  /** Calls back after every change of a profile or of the dictionary. */
  onChange(callback: () => void): void {
    this.onChanged = callback
  }

  list(): Profile[] {
    return this.store.profiles.list()
  }

  /** As it is shown: with what of it can never match, where an earlier version took such rules. */
  async viewOf(profile: Profile): Promise<Profile> {
    const key = `${profile.id} ${profile.revision}`
    let dead = this.dead.get(key)
    if (!dead) {
      if (this.dead.size >= MAX_VIEWED) this.dead.clear()
      this.dead.set(key, (dead = await deadRulesOf(profile)))
    }
    return dead.length === 0 ? profile : { ...profile, never_matches: dead }
  }

  /** Without their rules, which may be long. */
  names(): { id: number; name: string }[] {
    return this.store.profiles.names()
  }

  find(id: number): Profile | undefined {
    return this.store.profiles.find(id)
  }

  /** @throws ApiError NOT_FOUND */
  get(id: number): Profile {
    return this.store.profiles.find(id) ?? missing(id)
  }

  /** Of rules that were looked at (`requireLiveRules`). @throws ApiError INVALID_QUERY; CONFLICT when the name is taken */
  create(draft: ProfileDraft, by: Actor = 'api'): Profile {
    requireUsableQueries(draft)
    return this.change(() => this.store.profiles.add(draft.name.trim(), rulesOf(draft), this.deed('created', by)))
  }

  /** Several, disabled and each under a name of its own: all of them or none; `onAdded` is told of each in their transaction. Their ids. */
  import(drafts: readonly ProfileDraft[], by: Actor, onAdded: (id: number, index: number) => void): number[] {
    if (drafts.length === 0) return []
    const deed = this.deed('imported', by)
    return this.change(() =>
      drafts.map((draft, index) => {
        const json = JSON.stringify(rulesOf({ ...draft, enabled: false }))
        const id = this.store.profiles.write(null, draft.name, json, deed)
        onAdded(id, index)
        return id
      }),
    )
  }

  /**
   * Several, made or replaced as they stand in a file: all of them or none, told once. Their queries were looked at; `json`: their rules. They
   * are scored by once `compileInTurns` is through. @throws ApiError CONFLICT, REVISION_CHANGED
   */
  takeOver(entries: readonly TakenOver[], by: Actor): void {
    if (entries.length === 0) return
    const deed = this.deed('imported', by)
    this.write(() => {
      for (const { present, name, json } of entries) this.store.profiles.write(present, name, json, deed)
    })
  }

  /** The same. @throws ApiError INVALID_QUERY, NOT_FOUND, CONFLICT, REVISION_CHANGED */
  replace(id: number, draft: ProfileDraft, { by, ifMatch }: Change): Profile {
    requireUsableQueries(draft)
    return this.rewrite(id, ifMatch, () => ({ name: draft.name.trim(), rules: rulesOf(draft) }), 'changed', by)
  }

  /** @throws ApiError NOT_FOUND, REVISION_CHANGED */
  delete(id: number, ifMatch: string | undefined): void {
    const remove = () => {
      requireRevision(this.get(id), ifMatch)
      this.store.profiles.delete(id)
    }
    // Nothing may be raised for what is no longer there.
    this.write(remove, () => this.recompile())
  }

  /**
   * The newest first.
   * @throws ApiError NOT_FOUND
   */
  revisions(id: number): ProfileRevision[] {
    this.get(id)
    return this.store.profileRevisions.list(id).map(({ revision, before }) => ({
      revision: revision.revision,
      action: revision.action,
      by: revision.by,
      at: isoMoment(revision.atMs),
      name: revision.name,
      changes: before ? changesBetween(before, revision) : [],
    }))
  }

  /** @throws ApiError NOT_FOUND, CONFLICT, REVISION_CHANGED */
  restore(id: number, revision: number, { by, ifMatch }: Change): Profile {
    const found = () => this.store.profileRevisions.find(id, revision) ?? missingRevision(id, revision)
    return this.rewrite(id, ifMatch, found, 'restored', by)
  }

  /** What names a chat in a profile's scope holds for what the chat became. */
  carry(fromChatId: MarkedId, toChatId: MarkedId): void {
    for (const profile of this.list()) {
      const scope = carriedScope(profile.scope, fromChatId, toChatId)
      const rules = rulesOf({ ...profile, scope })
      this.rewrite(profile.id, undefined, () => ({ name: profile.name, rules }), 'carried', 'sentinel')
    }
    // The very next message may be one of the new chat.
    this.store.afterCommit(() => this.recompile())
  }

  get dictionary(): DictionaryGroups {
    return JSON.parse(this.store.settings.get('dictionary') ?? '[]') as DictionaryGroups
  }

  /** By groups that were looked at (`requireLiveWords`). */
  replaceDictionary(groups: DictionaryGroups): DictionaryGroups {
    const distinct = withoutRepetition(groups)
    this.change(() => this.store.settings.set('dictionary', JSON.stringify(distinct)))
    return distinct
  }

  /** The same as it stands in a file; it counts once `compileInTurns` is through. */
  takeOverDictionary(groups: DictionaryGroups): void {
    this.write(() => this.store.settings.set('dictionary', JSON.stringify(groups)))
  }

  /** Gives a profile what `next` says; what is as it was already is no change, and makes no revision. */
  private rewrite(
    id: number,
    ifMatch: string | undefined,
    next: () => { name: string; rules: ProfileRules },
    action: Deed['action'],
    by: Actor,
  ): Profile {
    const present = this.get(id)
    requireRevision(present, ifMatch)
    const { name, rules } = next()
    if (name === present.name && isDeepStrictEqual(rules, rulesOf(present))) return present
    return this.change(() => this.store.profiles.replace(id, name, rules, this.deed(action, by)) ?? missing(id))
  }

  private deed(action: Deed['action'], by: Actor): Deed {
    return { action, by, atMs: this.now() }
  }

  private change<T>(write: () => T): T {
    return this.write(write, () => this.renew())
  }

  /** Writes, and tells of it once it is there to stay. */
  private write<T>(write: () => T, onWritten: () => void = () => undefined): T {
    const result = this.store.transaction(() => {
      const written = write()
      this.store.events.add('profiles', {})
      return written
    })
    this.store.afterCommit(() => {
      onWritten()
      this.bus.ring('events')
      this.onChanged()
    })
    return result
  }
}

function missing(id: number): never {
  throw failure('NOT_FOUND', `There is no profile ${id}.`)
}

function missingRevision(id: number, revision: number): never {
  throw failure('NOT_FOUND', `Profile ${id} has no revision ${revision}, or it is too long ago.`)
}
