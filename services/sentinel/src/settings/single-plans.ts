import { completeRules } from '../keeping/retention'
import { requireLiveWords } from '../profiles/dead-rules'
import { withoutRepetition } from '../profiles/dictionary'
import { requireTimeZone } from '../time-zone'
import { completeWatch } from '../watch'
import { changeOf, isChange } from './fields'
import { NOTHING, type Plan, type Planning } from './plan'
import { at, awaitedAt } from './refusal'

// What there is only one of.

/** @throws ApiError INVALID_IMPORT */
export function planTimeZone({ rooms: { timeZone }, file: { time_zone: zone } }: Planning): Plan {
  if (zone === undefined) return NOTHING
  at('time_zone', () => requireTimeZone(zone))
  const { is_set: isSet, time_zone: present } = timeZone.view
  const change = changeOf('time_zone', null, { time_zone: isSet ? present : null }, { time_zone: zone })
  return { changes: [change], write: () => void (isChange(change) && timeZone.set(zone)) }
}

/** @throws ApiError INVALID_IMPORT */
export async function planDictionary({ rooms: { profiles }, file: { dictionary } }: Planning): Promise<Plan> {
  if (!dictionary) return NOTHING
  const groups = withoutRepetition(dictionary.groups)
  const change = changeOf('dictionary', null, { groups: profiles.dictionary }, { groups })
  if (isChange(change)) await awaitedAt('dictionary', () => requireLiveWords(dictionary.groups))
  return { changes: [change], write: () => void (isChange(change) && profiles.takeOverDictionary(groups)) }
}

export function planRetention({ rooms: { retention }, file }: Planning): Plan {
  if (!file.retention) return NOTHING
  const rules = completeRules(file.retention)
  const change = changeOf('retention', null, completeRules(retention.rules), rules)
  return { changes: [change], write: () => void (isChange(change) && retention.keep(rules)) }
}

/** @throws ApiError INVALID_IMPORT */
export function planWatch({ rooms: { watch, accountId }, file }: Planning): Plan {
  const { watch: rules } = file
  if (!rules) return NOTHING
  const change = changeOf('watch', null, completeWatch(watch.view), completeWatch(rules))
  if (isChange(change)) at('watch', () => watch.requirePossible(accountId(), rules))
  return { changes: [change], write: () => void (isChange(change) && watch.set(rules)) }
}
