import { isoMoment } from '@tgsentinel/kernel/time'
import type { Digest, DigestRun } from '../model'
import type { StoredDigestRun } from '../store/digest-runs'
import type { StoredDigest } from '../store/digests'

/** A digest as it is shown. `nextMs`: its next slot. */
export function digestView(digest: StoredDigest, last: StoredDigestRun | undefined, nextMs: number): Digest {
  const { id, revision, schedule, isEnabled, destinationId } = digest
  return {
    ...{ id, revision, schedule },
    profile_id: digest.profileId,
    profile_name: digest.profileName,
    destination_id: destinationId,
    destination_name: digest.destinationName,
    top_n: digest.topN,
    min_score: digest.minScore,
    when_empty: digest.whenEmpty,
    enabled: isEnabled,
    ...stateOf(digest, last),
    next_run_at: isEnabled && destinationId !== null ? isoMoment(nextMs) : null,
    last_run: last ? runView(last) : null,
    created_at: isoMoment(digest.createdAtMs),
    updated_at: isoMoment(digest.updatedAtMs),
  }
}

export function runView(run: StoredDigestRun): DigestRun {
  const { id, cause, alerts, state } = run
  return {
    ...{ id, cause, alerts, state },
    slot_at: cause === 'schedule' ? isoMoment(run.atMs) : null,
    from: isoMoment(run.fromMs),
    to: isoMoment(run.toMs),
    message: MESSAGES[state],
    delivery_id: run.deliveryId,
    made_at: isoMoment(run.toMs),
  }
}

const MESSAGES: Record<DigestRun['state'], string> = {
  on_its_way: 'On its way.',
  sent: 'It arrived.',
  not_sent: 'It did not arrive. What it told stays due for the next one; Deliveries says why.',
  empty: 'There was nothing to tell.',
}

function stateOf(
  { isEnabled, destinationId }: StoredDigest,
  last: StoredDigestRun | undefined,
): Pick<Digest, 'state' | 'message'> {
  if (destinationId === null)
    return { state: 'no_destination', message: 'It has no destination. Choose one, then switch it on.' }
  if (last?.state === 'on_its_way')
    return { state: 'on_its_way', message: 'The last one is on its way. The next one follows once that has arrived.' }
  if (!isEnabled) return { state: 'off', message: 'Switched off. What comes meanwhile stays due.' }
  return { state: 'scheduled', message: 'It is sent by itself at the next time.' }
}
