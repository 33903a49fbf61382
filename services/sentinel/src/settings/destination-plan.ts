import { DEFAULT_RATE, requireWebAddress } from '../deliveries/destinations'
import type { Destination, DestinationDraft, SettingsChange } from '../model'
import { destinationEntry, type DestinationEntry, type KnownNames } from './entries'
import { changeOf, isChange } from './fields'
import { Names } from './names'
import { NOTHING, type Plan, type Planning } from './plan'
import { at, requireKnown, requireOwnNames } from './refusal'
import { namesNow } from './settings-file'

const SUBSCRIBE = 'A browser has to say so itself: open the page there, and switch its notifications on.'
/** What a secret is called where it has to be entered. */
const CALLED: Record<string, string> = {
  token: 'token',
  password: 'password',
  url: 'address of the webhook',
  urls: 'addresses',
  signing_secret: 'signing secret',
  subscription: 'subscription',
}

interface Planned {
  change: SettingsChange
  present: Destination | null
  entry: DestinationEntry
  isEnabled: boolean
}

/** `skipped` of the planning hears of those that cannot be taken over. @throws ApiError INVALID_IMPORT, CONFLICT where there is no room */
export function planDestinations(planning: Planning): Plan {
  const { rooms, file, skipped } = planning
  if (!file.destinations) return NOTHING
  requireOwnNames('destinations', file.destinations)
  const known = namesNow(rooms)
  const byName = new Map(rooms.destinations.list().map((one) => [one.name, one]))
  const planned = file.destinations.map((entry, index) => {
    requireReferences(entry, `destinations.${index}`, planning, known)
    return plannedOf(entry, byName.get(entry.name.trim()) ?? null, planning, known)
  })
  for (const { change } of planned) if (change.action === 'skip') skipped.add(change.name ?? '')
  const writes = planned.filter(({ change }) => isChange(change))
  rooms.destinations.requireRoom(writes.filter(({ present }) => !present).length)
  return { changes: planned.map(({ change }) => change), write: () => write(planning, writes) }
}

function requireReferences(
  entry: DestinationEntry,
  path: string,
  { profiles, file }: Planning,
  known: KnownNames,
): void {
  at(path, () => requireWebAddress(entry.target, undefined))
  for (const [index, name] of (entry.hears?.profiles ?? []).entries())
    requireKnown(`${path}.hears.profiles.${index}`, 'profile', name, profiles.idOf(name) !== null)
  const { template = null } = entry
  const templates = new Set(file.templates?.map(({ name }) => name.trim()))
  if (template === null) return
  const isKnown = known.templates.idOf(template) !== null || templates.has(template.trim())
  requireKnown(`${path}.template`, 'template', template, isKnown)
}

function plannedOf(
  entry: DestinationEntry,
  present: Destination | null,
  { rooms }: Planning,
  known: KnownNames,
): Planned {
  const { target, secrets_set: named = [], enabled = true } = entry
  const { missing } = rooms.destinations.secretsLeft(target, named, present?.id ?? null)
  const isEnabled = enabled && missing.length === 0
  const name = entry.name.trim()
  const common = { present, entry, isEnabled }
  if (missing.includes('subscription'))
    return { ...common, change: { kind: 'destination', name, action: 'skip', fields: [], message: SUBSCRIBE } }
  const before = present && comparable(destinationEntry(present, known), present.enabled)
  const message = missing.length > 0 ? missingText(missing) : null
  return { ...common, change: changeOf('destination', name, before, comparable(entry, isEnabled), message) }
}

/** With what it does not say, so that the same is the same however it is written. */
function comparable(
  { name, target, hears = {}, template = null, rate_per_minute: rate }: DestinationEntry,
  enabled: boolean,
) {
  const { alerts = true, min_score = null, profiles } = hears
  const heard = profiles ? [...new Set(profiles.map((one) => one.trim()))].sort() : null
  return {
    ...{ name: name.trim(), enabled, target, rate_per_minute: rate ?? DEFAULT_RATE },
    hears: { alerts, min_score, profiles: heard },
    template: template?.trim() ?? null,
  }
}

function missingText(missing: readonly string[]): string {
  const names = missing.map((name) => CALLED[name] ?? name).join(' and ')
  return `Switched off: its ${names} is in no file. Enter it at the destination, then switch it on.`
}

function write({ rooms }: Planning, planned: readonly Planned[]): void {
  const { profiles, templates } = namesNow(rooms)
  const drafts = planned.map(({ present, entry, isEnabled }) => ({
    present,
    draft: draftOf(entry, isEnabled, profiles, templates),
  }))
  rooms.destinations.takeOver(drafts)
}

function draftOf(entry: DestinationEntry, enabled: boolean, profiles: Names, templates: Names): DestinationDraft {
  const { name, target, hears: { profiles: heard, ...hears } = {}, template = null, rate_per_minute: rate } = entry
  return {
    ...{ name, enabled, target },
    hears: { ...hears, ...(heard && { profiles: profiles.idsOf(heard) }) },
    template_id: template === null ? null : templates.idOf(template),
    rate_per_minute: rate ?? DEFAULT_RATE,
  }
}
