import type { Bus } from './bus/bus'
import { failure, type Profile, type ProfileDraft, type MarkedId } from './model'
import { Scorer } from './scoring/scoring'
import type { ProfileRules } from './store/profiles'
import type { Store } from './store/store'
import { STARTER } from './starter-profile'

/** The profiles, and the scorer compiled from them as they are now. */
export class Profiles {
  private compiled: Scorer | undefined

  constructor(
    private readonly store: Store,
    private readonly bus: Bus,
    private readonly now: () => number,
  ) {}

  /** Puts the starter profile in place, at the first run only: one that was deleted does not come back. */
  ensureStarter(): void {
    this.store.transaction(() => {
      if (this.store.settings.get('starter_profile') !== undefined) return
      if (this.store.profiles.list().length === 0) this.store.profiles.add(STARTER.name, rulesOf(STARTER), this.now())
      this.store.settings.set('starter_profile', 'created')
    })
  }

  /** The scorer of the present profiles; compiled anew after a change. */
  get scorer(): Scorer {
    this.compiled ??= new Scorer(this.store.profiles.list())
    return this.compiled
  }

  list(): Profile[] {
    return this.store.profiles.list()
  }

  /** @throws ApiError NOT_FOUND */
  get(id: number): Profile {
    return this.store.profiles.find(id) ?? missing(id)
  }

  /** @throws ApiError CONFLICT when the name is taken */
  create(draft: ProfileDraft): Profile {
    return this.change(() => this.store.profiles.add(draft.name.trim(), rulesOf(draft), this.now()))
  }

  /** @throws ApiError NOT_FOUND, CONFLICT */
  replace(id: number, draft: ProfileDraft): Profile {
    return this.change(
      () => this.store.profiles.replace(id, draft.name.trim(), rulesOf(draft), this.now()) ?? missing(id),
    )
  }

  /** @throws ApiError NOT_FOUND */
  delete(id: number): void {
    this.change(() => this.store.profiles.delete(id) || missing(id))
  }

  /** What names a chat in a profile's scope holds for what the chat became. */
  carry(fromChatId: MarkedId, toChatId: MarkedId): void {
    for (const profile of this.list()) {
      const scope = { ...profile.scope }
      const isNamed = [scope.chats, scope.exclude_chats].some((chats) => chats?.includes(String(fromChatId)))
      if (!isNamed) continue
      if (scope.chats) scope.chats = carried(scope.chats, fromChatId, toChatId)
      if (scope.exclude_chats) scope.exclude_chats = carried(scope.exclude_chats, fromChatId, toChatId)
      this.change(() =>
        this.store.profiles.replace(profile.id, profile.name, rulesOf({ ...profile, scope }), this.now()),
      )
    }
  }

  private change<T>(write: () => T): T {
    const result = this.store.transaction(() => {
      const written = write()
      this.store.events.add('profiles', {})
      return written
    })
    this.compiled = undefined
    this.bus.ring('events')
    return result
  }
}

function carried(chats: string[], fromChatId: MarkedId, toChatId: MarkedId): string[] {
  return chats.includes(String(fromChatId)) ? [...new Set([...chats, String(toChatId)])] : chats
}

function missing(id: number): never {
  throw failure('NOT_FOUND', `There is no profile ${id}.`)
}

function rulesOf(draft: ProfileDraft): ProfileRules {
  return {
    enabled: draft.enabled ?? true,
    min_score: draft.min_score ?? 1,
    keywords: draft.keywords ?? {},
    detectors: draft.detectors ?? {},
    vip_senders: draft.vip_senders ?? [],
    vip_weight: draft.vip_weight ?? 5,
    excluded_senders: draft.excluded_senders ?? [],
    scope: draft.scope ?? {},
    include_own: draft.include_own ?? false,
  }
}
