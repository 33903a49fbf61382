import { HealthBoard, verdictOf, type HealthFacts } from './health'
import type { OwnerState } from './model'

const NOW = 10_000_000
const WELL: HealthFacts = {
  state: 'signed_in',
  stateMessage: 'Signed in as @ada.',
  connectedAtMs: NOW,
  sinceMs: 0,
  isStorageFailing: false,
  staleness: { worstS: 50, boundS: 60 },
}

describe('the verdict on health', () => {
  it.each<[string, Partial<HealthFacts>, boolean, RegExp]>([
    ['heard', {}, true, /^Telegram is heard\.$/],
    ['nobody signed in', { state: 'signed_out', connectedAtMs: null }, true, /^Nobody is signed in\.$/],
    ['no application', { state: 'needs_app', connectedAtMs: null }, true, /^Nobody/],
    ['a short absence', { state: 'connecting', connectedAtMs: NOW - 50_000 }, true, /heard/],
    ['a long absence', { state: 'connecting', connectedAtMs: NOW - 180_000 }, false, /not been heard for 3 minutes/],
    ['never connected', { state: 'connecting', connectedAtMs: null }, false, /not been heard for 167 minutes/],
    [
      'never connected, just started',
      { state: 'connecting', connectedAtMs: null, sinceMs: NOW - 9000 },
      true,
      /^Just started/,
    ],
    [
      'a revoked session',
      { state: 'session_revoked', stateMessage: 'Signed out elsewhere.' },
      false,
      /^Signed out elsewhere/,
    ],
    ['a frozen account', { state: 'frozen', stateMessage: 'Frozen.' }, false, /^Frozen/],
    ['a full disk', { isStorageFailing: true }, false, /takes no writes/],
    [
      'channels that nobody asks',
      { staleness: { worstS: 400, boundS: 60 } },
      false,
      /not asked for 7 minutes, instead of 60/,
    ],
    ['no channels', { staleness: { worstS: 0, boundS: 0 } }, true, /heard/],
  ])('%s', (_what, change, isHealthy, reason) => {
    const verdict = verdictOf({ ...WELL, ...change }, NOW)
    expect([verdict.is_healthy, verdict.reason]).toEqual([isHealthy, expect.stringMatching(reason)])
  })

  it('gives another session its time, and forgets that the former one was heard', () => {
    let nowMs = NOW
    const owner = { state: 'signed_in' as OwnerState, stateMessage: '.', isConnected: true, generation: 1 }
    const board = new HealthBoard({
      owner: () => owner,
      isStorageFailing: () => false,
      summary: () => ({ worst_staleness_s: 0, bound_s: 0 }),
      now: () => nowMs,
    })
    nowMs += 600_000
    expect([board.verdict.is_healthy, board.isHeard]).toEqual([true, true])
    Object.assign(owner, { state: 'connecting', isConnected: false, generation: 2 })
    nowMs += 100_000
    expect([board.verdict.is_healthy, board.isHeard]).toEqual([true, false])
    nowMs += 121_000
    expect([board.verdict.is_healthy, board.isHeard]).toEqual([false, false])
    board.close()
  })
})
