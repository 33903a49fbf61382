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

/** What is found in no word: detectors, senders, counts. */
export function addOtherReasons(reasons: Reason[], compiled: CompiledProfile, message: Scorable): void {
  // That somebody joined, called or changed a title is no message of theirs: it is silent, but for what is pinned.
  const isSilent = isService(message)
  for (const [detector, weight] of compiled.detectors) {
    if (isSilent && detector !== 'pinned') continue
    if (DETECTORS[detector](message)) reasons.push({ kind: 'detector', label: detector, weight })
  }
  if (isSilent) return
  const { senderId, senderUsername, senderUsernames } = message
  if (compiled.vips.size > 0 && isNamed(compiled.vips, senderId, senderUsername, senderUsernames))
    reasons.push({ kind: 'vip', label: vipLabel(senderId, senderUsername), weight: compiled.profile.vip_weight })
  if (compiled.thresholds) reasons.push(...thresholdReasons(compiled.thresholds, message))
}

/** Whether it says what somebody did, and not what somebody wrote. */
export function isService({ media }: Scorable): boolean {
  return media !== null && media.startsWith('service:')
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
