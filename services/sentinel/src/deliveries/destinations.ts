import { httpError } from '@tgsentinel/kernel/errors'
import { failure, type Destination, type DestinationDraft } from '../model'
import type { DestinationRules, StoredDestination, StoredSecrets } from '../store/destinations'
import type { Store } from '../store/store'
import type { Deliveries } from './deliveries'
import { destinationView, type Counts } from './destination-view'
import { keptSecrets, rotated, secretsLeft, type SecretsLeft } from './kept-secrets'

export const DEFAULT_RATE = 20
const MAX_DESTINATIONS = 100

export interface DestinationsOptions {
  store: Store
  deliveries: Deliveries
  now: () => number
}

/** Refuses a change that was made to another revision. */
export type RevisionCheck = (destination: Destination) => void

/** Where the owner is told. */
export class Destinations {
  constructor(private readonly options: DestinationsOptions) {}

  list(): Destination[] {
    const counts = new Map<number, Counts>()
    for (const { destinationId, state, count } of this.options.store.deliveries.counts())
      counts.set(destinationId, { ...counts.get(destinationId), [state]: count })
    return this.options.store.destinations.list().map((one) => this.viewOf(one, counts.get(one.id) ?? {}))
  }

  /** @throws ApiError NOT_FOUND */
  get(id: number): Destination {
    const found = this.list().find((one) => one.id === id)
    return found ?? missing(id)
  }

  /** With the secret that was made for a webhook. @throws ApiError INVALID_REQUEST, NOT_FOUND, CONFLICT */
  create(draft: DestinationDraft): Destination {
    const { store, now } = this.options
    this.requireRoom(1)
    const rules = this.rulesOf(draft, null)
    this.requireOwnSubscription(rules, null)
    const created = this.get(this.change(() => store.destinations.add(rules, now())))
    return draft.secrets?.signing_secret ? created : withSecret(created, rules)
  }

  /** @throws ApiError INVALID_REQUEST, NOT_FOUND, CONFLICT, REVISION_CHANGED */
  replace(id: number, draft: DestinationDraft, requireRevision: RevisionCheck): Destination {
    requireRevision(this.get(id))
    const { store, now } = this.options
    const before = this.find(id)
    const rules = this.rulesOf(draft, before)
    this.requireOwnSubscription(rules, id)
    this.change(() => store.destinations.replace(id, rules, now()))
    const isNew = !before.secrets.signing_secret && !draft.secrets?.signing_secret
    return isNew ? withSecret(this.get(id), rules) : this.get(id)
  }

  /** What a destination's target leaves of its secrets; `id`: null for one that is not there yet. */
  secretsLeft(target: DestinationDraft['target'], named: readonly string[], id: number | null): SecretsLeft {
    return secretsLeft(target, named, id === null ? null : this.find(id))
  }

  /**
   * Several, made or replaced as they stand in a file, which holds no secrets: all of them or none. One that lacks a secret is to be
   * switched off. @throws ApiError INVALID_REQUEST, NOT_FOUND, CONFLICT, REVISION_CHANGED
   */
  takeOver(entries: readonly { present: Destination | null; draft: DestinationDraft }[]): void {
    if (entries.length === 0) return
    const { store, now } = this.options
    this.requireRoom(entries.filter(({ present }) => !present).length)
    this.change(() => {
      for (const { present, draft } of entries) {
        const before = present && this.find(present.id)
        if (before?.revision !== present?.revision)
          throw failure('REVISION_CHANGED', 'A destination was changed meanwhile.')
        const rules = this.rulesWith(draft, before, () => secretsLeft(draft.target, [], before).secrets)
        if (before) store.destinations.replace(before.id, rules, now())
        else store.destinations.add(rules, now())
      }
    })
  }

  /** @throws ApiError NOT_FOUND, REVISION_CHANGED */
  delete(id: number, requireRevision: RevisionCheck): void {
    requireRevision(this.get(id))
    this.change(() => this.options.store.destinations.delete(id))
  }

  /** @throws ApiError NOT_FOUND, CONFLICT for what is no webhook */
  rotate(id: number): Destination {
    const { store, now } = this.options
    const before = this.find(id)
    if (before.target.kind !== 'webhook')
      throw failure('CONFLICT', 'Only webhooks are signed. Give this destination its secret by changing it.')
    const rules = { ...before, secrets: rotated(before.secrets, now()) }
    this.change(() => store.destinations.replace(id, rules, now()))
    return withSecret(this.get(id), rules)
  }

  /** @throws ApiError NOT_FOUND */
  find(id: number): StoredDestination {
    return this.options.store.destinations.find(id) ?? missing(id)
  }

  /** @throws ApiError CONFLICT */
  requireRoom(more: number): void {
    if (this.options.store.destinations.size + more > MAX_DESTINATIONS)
      throw failure('CONFLICT', `There is room for ${MAX_DESTINATIONS} destinations. Delete one first.`)
  }

  private rulesOf(draft: DestinationDraft, before: StoredDestination | null): DestinationRules {
    return this.rulesWith(draft, before, () => keptSecrets(draft.target, draft.secrets ?? {}, before))
  }

  private rulesWith(
    draft: DestinationDraft,
    before: StoredDestination | null,
    secrets: () => StoredSecrets,
  ): DestinationRules {
    const { target, hears = {}, template_id: templateId = null } = draft
    requireWebAddress(target, draft.secrets?.subscription?.endpoint)
    if (templateId !== null && !this.options.store.templates.find(templateId))
      throw failure('NOT_FOUND', `There is no template ${templateId}.`)
    this.requireProfiles(hears.profiles ?? [], before?.hears.profiles ?? [])
    return {
      name: draft.name.trim(),
      isEnabled: draft.enabled ?? true,
      target,
      secrets: secrets(),
      hears,
      templateId,
      ratePerMinute: draft.rate_per_minute ?? DEFAULT_RATE,
    }
  }

  /** One that was deleted since may stay where it was named. */
  private requireProfiles(ids: readonly number[], known: readonly number[]): void {
    const id = ids.find((one) => !known.includes(one) && !this.options.store.profiles.find(one))
    if (id !== undefined) throw failure('NOT_FOUND', `There is no profile ${id}, whose alerts it could hear.`)
  }

  /** Two destinations with one browser would notify it twice. @throws ApiError CONFLICT */
  private requireOwnSubscription({ secrets }: DestinationRules, id: number | null): void {
    const endpoint = secrets.subscription?.endpoint
    const others = this.options.store.destinations.list().filter((one) => one.id !== id)
    const other = endpoint && others.find((one) => one.secrets.subscription?.endpoint === endpoint)
    if (other) throw failure('CONFLICT', `This browser is told already, by “${other.name}”.`)
  }

  private viewOf(destination: StoredDestination, counts: Counts): Destination {
    return destinationView(destination, counts, this.options.now())
  }

  private change<T>(write: () => T): T {
    const result = this.options.store.transaction(write)
    this.options.deliveries.ringSoon()
    return result
  }
}

function withSecret(destination: Destination, { secrets }: DestinationRules): Destination {
  return secrets.signing_secret ? { ...destination, signing_secret: secrets.signing_secret } : destination
}

/** A name and password in an address would be shown to everybody who sees it. @throws ApiError INVALID_REQUEST */
export function requireWebAddress(target: DestinationDraft['target'], endpoint: string | undefined): void {
  const address = target.kind === 'webhook' ? target.url : 'server' in target ? target.server : endpoint
  if (address === undefined) return
  const url = URL.canParse(address) ? new URL(address) : null
  if (!url || url.username || url.password)
    throw httpError(
      'INVALID_REQUEST',
      'target: the address cannot be used. Give one such as https://example.org/hook, without a password in it.',
    )
}

function missing(id: number): never {
  throw failure('NOT_FOUND', `There is no destination ${id}.`)
}
