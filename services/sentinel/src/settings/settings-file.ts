import { turnTaker } from '@tgsentinel/kernel/turns'
import { completeRules } from '../keeping/retention'
import type { SettingsFile } from '../model'
import { destinationEntry, digestEntry, profileEntry, restraintEntry, templateEntry, type KnownNames } from './entries'
import { Names } from './names'
import type { Rooms } from './rooms'

/** Everything that is configured, as a file has it. */
export async function settingsFile(rooms: Rooms): Promise<SettingsFile> {
  const { timeZone, retention, watch, restraint, now } = rooms
  const known = namesNow(rooms)
  const { time_zone: zone, is_set: isSet } = timeZone.view
  return {
    version: 1,
    ...(isSet && { time_zone: zone }),
    dictionary: { groups: rooms.profiles.dictionary },
    watch: watch.view,
    retention: completeRules(retention.rules),
    templates: rooms.templates.list().map(templateEntry),
    profiles: await profileEntries(rooms),
    destinations: rooms.destinations.list().map((one) => destinationEntry(one, known)),
    digests: rooms.digests.list().map(digestEntry),
    restraint: restraintEntry(restraint.view, known, now()),
  }
}

/** As they are at the moment. */
export function namesNow({ profiles, templates, destinations }: Rooms): KnownNames {
  return {
    profiles: new Names(profiles.names()),
    templates: new Names(templates.list()),
    destinations: new Names(destinations.list()),
  }
}

async function profileEntries({ profiles }: Rooms) {
  const entries = []
  const rested = turnTaker()
  for (const { id } of profiles.names()) {
    await rested()
    const profile = profiles.find(id)
    if (profile) entries.push(profileEntry(profile))
  }
  return entries
}
