import { ApiError } from '@tgsentinel/kernel/errors'
import { turnTaker } from '@tgsentinel/kernel/turns'
import { failure, type Actor, type SettingsChange, type SettingsFile } from '../model'
import type { Store } from '../store/store'
import { planDestinations } from './destination-plan'
import { planDigests } from './digest-plan'
import { isChange } from './fields'
import type { FileWork } from './file-work'
import { Names } from './names'
import type { Plan, Planning } from './plan'
import { planProfiles } from './profile-plan'
import { planRestraint } from './restraint-plan'
import type { Rooms } from './rooms'
import { settingsFile } from './settings-file'
import { planDictionary, planRetention, planTimeZone, planWatch } from './single-plans'
import { planTemplates } from './template-plan'

/** Somebody else may change something between the plan and the writing; then it is planned anew, so many times. */
const ATTEMPTS = 3
const CHANGED_MEANWHILE = ['REVISION_CHANGED', 'NOT_FOUND', 'CONFLICT']

export interface SettingsOptions extends Rooms {
  store: Store
  work: FileWork
  /** Which chats are watched became something else. */
  onWatched: () => void
}

export interface ImportOptions {
  by: Actor
  isDryRun: boolean
  /** Aborts when nobody waits for it any more; what is read by then is taken over all the same. */
  signal?: AbortSignal
}

/**
 * Everything that a person configured, as one file. What a file would change is found out first, some milliseconds a turn, by the rules of
 * those who hold it; then all that changes is written in one transaction, and told like any other change.
 */
export class Settings {
  constructor(private readonly options: SettingsOptions) {}

  export(): Promise<SettingsFile> {
    return settingsFile(this.options)
  }

  exportYaml(): Promise<string> {
    return this.options.work.write(() => this.export())
  }

  /** What became of each part of the file, or would. @throws ApiError INVALID_IMPORT, CONFLICT; then nothing is changed */
  async import(content: string, { by, isDryRun, signal }: ImportOptions): Promise<SettingsChange[]> {
    const file = await this.options.work.read(content, signal)
    for (let attempt = 1; ; attempt++) {
      const plans = await this.plan(file)
      const changes = plans.flatMap((plan) => plan.changes)
      if (isDryRun || !changes.some(isChange)) return changes
      try {
        this.write(plans, by)
        await this.options.profiles.compileInTurns(turnTaker())
        return changes
      } catch (error) {
        if (!(error instanceof ApiError) || !CHANGED_MEANWHILE.includes(error.code)) throw error
        if (attempt === ATTEMPTS)
          throw failure('CONFLICT', `${error.message} Nothing of the file is in force; send it again.`, error)
      }
    }
  }

  /** In the order in which they refer to one another; what is watched is in memory, too, and comes last. */
  private async plan(file: SettingsFile): Promise<Plan[]> {
    const planning = this.planningOf(file)
    return [
      planTimeZone(planning),
      await planDictionary(planning),
      planRetention(planning),
      await planTemplates(planning),
      await planProfiles(planning),
      planDestinations(planning),
      planDigests(planning),
      planRestraint(planning),
      planWatch(planning),
    ]
  }

  private planningOf(file: SettingsFile): Planning {
    const present = this.options.profiles.names()
    const brought = (file.profiles ?? []).map(({ name }) => ({ id: 0, name: name.trim() }))
    const profiles = new Names([...brought, ...present])
    const places = [...this.options.destinations.list(), ...(file.destinations ?? [])]
    const destinations = new Set(places.map(({ name }) => name.trim()))
    return { rooms: this.options, file, rested: turnTaker(), profiles, destinations, skipped: new Set() }
  }

  private write(plans: readonly Plan[], by: Actor): void {
    const { store, watch, restraint, onWatched } = this.options
    try {
      store.transaction(() => {
        for (const plan of plans) plan.write(by)
      })
    } catch (error) {
      watch.reload()
      restraint.forget()
      throw error
    }
    onWatched()
  }
}
