import type { MarkedId, Profile, Reason } from '../model'
import type { CompiledProfile } from './compiled-profile'
import { DETECTORS } from './detectors'
import type { Likeness } from './interest/samples'
import type { Scorable } from './scoring'
import { isNamed } from './scope'

const LONGEST_LABEL = 200

export function interestReasons({ interest = {} }: Partial<Profile>, { value, nearest }: Likeness): Reason[] {
  const { threshold = 0.5, weight = 2 } = interest
  return value < threshold ? [] : [{ kind: 'interest', label: nearest.slice(0, LONGEST_LABEL), weight }]
}

export function otherReasons(compiled: CompiledProfile, message: Scorable): Reason[] {
  const reasons: Reason[] = []
  for (const [detector, weight] of compiled.detectors) {
    if (DETECTORS[detector](message)) reasons.push({ kind: 'detector', label: detector, weight })
  }
  if (compiled.vips.size > 0 && isNamed(compiled.vips, message.senderId, message.senderUsername)) {
    reasons.push({
      kind: 'vip',
      label: vipLabel(message.senderId, message.senderUsername),
      weight: compiled.profile.vip_weight,
    })
  }
  if (compiled.thresholds) reasons.push(...thresholdReasons(compiled.thresholds, message))
  return reasons
}

/** Nothing where the counts were not looked up. */
function thresholdReasons({ weight = 1, ...least }: Profile['thresholds'], { received }: Scorable): Reason[] {
  if (!received) return []
  return (['reactions', 'replies'] as const)
    .filter((label) => least[label] && received[label] >= least[label])
    .map((label) => ({ kind: 'threshold', label, count: received[label], weight }))
}

function vipLabel(id: MarkedId | null, username: string | null): string {
  return username ? `@${username}` : String(id)
}
