import { beginningOf } from '../cutting'
import type { MarkedId, Profile, Reason } from '../model'
import type { CompiledProfile } from './compiled-profile'
import { DETECTORS } from './detectors'
import type { Likeness } from './interest/samples'
import type { Scorable } from './scoring'
import { isNamed } from './scope'

const LONGEST_LABEL = 200

export function interestReasons({ interest = {} }: Partial<Profile>, { value, nearest }: Likeness): Reason[] {
  const { threshold = 0.5, weight = 2 } = interest
  return value < threshold ? [] : [{ kind: 'interest', label: beginningOf(nearest, LONGEST_LABEL), weight }]
}

export function otherReasons(compiled: CompiledProfile, message: Scorable): Reason[] {
  // That somebody joined, called or changed a title is no message of theirs: it is silent, but for what is pinned.
  if (isService(message)) return serviceReasons(compiled, message)
  const reasons: Reason[] = []
  for (const [detector, weight] of compiled.detectors) {
    if (DETECTORS[detector](message)) reasons.push({ kind: 'detector', label: detector, weight })
  }
  if (
    compiled.vips.size > 0 &&
    isNamed(compiled.vips, message.senderId, message.senderUsername, message.senderUsernames)
  ) {
    reasons.push({
      kind: 'vip',
      label: vipLabel(message.senderId, message.senderUsername),
      weight: compiled.profile.vip_weight,
    })
  }
  if (compiled.thresholds) reasons.push(...thresholdReasons(compiled.thresholds, message))
  return reasons
}

/** Whether it says what somebody did, and not what somebody wrote. */
export function isService({ media }: Scorable): boolean {
  return media !== null && media.startsWith('service:')
}

function serviceReasons({ detectors }: CompiledProfile, message: Scorable): Reason[] {
  const pinned = detectors.find(([detector]) => detector === 'pinned' && DETECTORS.pinned(message))
  return pinned ? [{ kind: 'detector', label: pinned[0], weight: pinned[1] }] : []
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
