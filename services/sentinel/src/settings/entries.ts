import type { Destination, Digest, Profile, Restraint, SettingsFile, Template } from '../model'
import { completeDigest } from '../digests/digests'
import { rulesOf } from '../profiles/rules'
import type { Names } from './names'

// How what is stored stands in a file: by names, without what is of this installation alone. Pure.

export type ProfileEntry = NonNullable<SettingsFile['profiles']>[number]
export type TemplateEntry = NonNullable<SettingsFile['templates']>[number]
export type DestinationEntry = NonNullable<SettingsFile['destinations']>[number]
export type DigestEntry = NonNullable<SettingsFile['digests']>[number]
export type RestraintEntry = Required<NonNullable<SettingsFile['restraint']>>

/** Names of what a file may refer to. */
export interface KnownNames {
  profiles: Names
  templates: Names
  destinations: Names
}

export function profileEntry(profile: Profile | ProfileEntry): ProfileEntry {
  return { name: profile.name.trim(), ...rulesOf(profile) }
}

export function templateEntry({ name, title, body }: Template | TemplateEntry): TemplateEntry {
  return { name: name.trim(), title, body }
}

export function destinationEntry(destination: Destination, { profiles, templates }: KnownNames): DestinationEntry {
  const { name, enabled, target, secrets_set: secrets, hears, template_id: template, rate_per_minute } = destination
  const { profiles: heard, ...rest } = hears
  return {
    ...{ name, enabled, target },
    ...(secrets.length > 0 && { secrets_set: secrets as NonNullable<DestinationEntry['secrets_set']> }),
    hears: { ...rest, ...(heard && { profiles: profiles.namesOf(heard) }) },
    template: template === null ? null : templates.nameOf(template),
    rate_per_minute,
  }
}

export function digestEntry(digest: Digest): DigestEntry {
  const { profile_name: profile, destination_name: destination, schedule } = digest
  return { profile, destination, schedule, ...completeDigest(digest) }
}

/** Without snoozes that are over. */
export function restraintEntry(
  rules: Restraint,
  { profiles, destinations }: KnownNames,
  nowMs: number,
): RestraintEntry {
  const { quiet_hours, urgent, caps, snoozes, paused } = rules
  return {
    ...{ quiet_hours, urgent },
    caps: caps.flatMap(({ profile_id: id, most, per }) => {
      const profile = profiles.nameOf(id)
      return profile === null ? [] : [{ profile, most, per }]
    }),
    snoozes: lasting(snoozes, nowMs).flatMap(({ profile_id: id, until }) => {
      const profile = id === null ? null : profiles.nameOf(id)
      return id !== null && profile === null ? [] : [{ profile, until }]
    }),
    paused: { all: paused.all, destinations: destinations.namesOf(paused.destinations) },
  }
}

export function lasting<T extends { until: string }>(snoozes: readonly T[], nowMs: number): T[] {
  return snoozes.filter(({ until }) => Date.parse(until) > nowMs)
}
