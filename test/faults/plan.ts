import type { DifferenceLimits } from '../telegram-server/rpc/difference-methods'
import type { RandomTroubleOptions } from '../telegram-server/rpc/random-trouble'
import { Random } from '../telegram-server/world/random'
import { boundaryAt } from './boundaries'

/** How one life of a sentinel ends, and for how long it is away then. */
export interface Life {
  /** Where it is cut; `kill`: wherever it is; `stop`: as an operator would. */
  end: string
  /** From this step on it may happen; what lives at the last one is killed. */
  fromStep: number
  untilStep: number
  awayMs: number
}

export type Mishap = { step: number } & (
  | { type: 'drop' | 'restart' | 'salts' }
  | { type: 'flood'; method: string; seconds: number }
  | { type: 'fail'; method: string; code: number; error: string; times: number }
  | { type: 'peers'; min: boolean; omitted: boolean }
  | { type: 'membership'; isMember: boolean; isTold: boolean }
)

/** How the sentinels are to hear of what they missed last, once all trouble is over. */
export type Ending = 'word' | 'reconnect' | 'restart' | 'kill'

/** All that a run does beside what is posted. */
export interface Plan {
  seed: number
  steps: number
  durationMs: number
  trouble: RandomTroubleOptions
  limits: Partial<DifferenceLimits>
  /** The account's difference tells news of channels, too. */
  tellsOfChannels: boolean
  gzipOverBytes: number
  mishaps: Mishap[]
  /** Of each sentinel; the one after the last does not end. */
  lives: Life[][]
  ending: Ending
}

export const SENTINELS = 3
const LIVES = 2
const DIFFERENCE = 'updates.getDifference'
const CHANNEL_DIFFERENCE = 'updates.getChannelDifference'

/** Of every third seed Telegram gives up on long differences, so that history has to fill the holes, unless it is said otherwise. */
export function planOf(seed: number, tooLong = seed % 3 === 0): Plan {
  const random = new Random(seed * 2 + 1)
  const steps = 350 + random.below(500)
  return {
    seed,
    steps,
    durationMs: 4500,
    trouble: troubleOf(seed, random),
    limits: limitsOf(random, tooLong),
    mishaps: mishapsOf(random, steps).sort((a, b) => a.step - b.step),
    lives: Array.from({ length: SENTINELS }, (_, index) => livesOf(random, seed, index, steps, tooLong)),
    ending: random.pick(['word', 'reconnect', 'restart', 'kill']),
    tellsOfChannels: random.below(2) === 0,
    gzipOverBytes: random.pick([100, 2000, 1_000_000]),
  }
}

function troubleOf(seed: number, random: Random): RandomTroubleOptions {
  const odds = { seed, lose: 0.1, repeat: 0.05, reorder: 0.1, delayMs: random.pick([0, 20, 120]) }
  return random.below(3) === 0 ? { ...odds, dropConnectionBytes: [30_000, 200_000] } : odds
}

function limitsOf(random: Random, tooLong: boolean): Partial<DifferenceLimits> {
  const slices = {
    accountSlice: 5 + random.below(16),
    channelSlice: 5 + random.below(16),
    channelTimeoutSeconds: 1,
  }
  return tooLong ? { ...slices, channelTooLong: 30, accountTooLong: 60 } : slices
}

function mishapsOf(random: Random, steps: number): Mishap[] {
  const at = (from: number, to: number) => Math.floor(steps * (from + random.fraction() * (to - from)))
  const several = (most: number, make: () => Mishap) => Array.from({ length: random.below(most + 1) }, make)
  return [
    ...several(2, () => ({ step: at(0, 1), type: 'drop' })),
    ...several(1, () => ({ step: at(0.2, 0.9), type: 'restart' })),
    ...several(1, () => ({ step: at(0, 1), type: 'salts' })),
    ...several(3, () => ({ ...failureOf(random), step: at(0, 1) })),
    ...several(2, () => ({ step: at(0, 1), type: 'flood', method: methodOf(random), seconds: 1 + random.below(2) })),
    ...several(1, () => ({
      step: at(0, 0.9),
      type: 'peers',
      min: random.below(2) === 0,
      omitted: random.below(2) === 0,
    })),
    ...membershipOf(random, at),
  ]
}

/** A channel closes to one account, and mostly opens again. */
function membershipOf(random: Random, at: (from: number, to: number) => number): Mishap[] {
  if (random.below(3) > 0) return []
  const isTold = random.below(4) > 0
  const out: Mishap = { step: at(0.1, 0.4), type: 'membership', isMember: false, isTold }
  const back: Mishap = { step: at(0.5, 0.8), type: 'membership', isMember: true, isTold }
  return random.below(3) === 0 ? [out] : [out, back]
}

function failureOf(random: Random): Extract<Mishap, { type: 'fail' }> {
  const error = random.pick(['RPC_CALL_FAIL', 'PERSISTENT_TIMESTAMP_OUTDATED', 'INTERDC_2_CALL_ERROR'])
  return { step: 0, type: 'fail', method: methodOf(random), code: 500, error, times: 1 + random.below(3) }
}

function methodOf(random: Random): string {
  return random.pick([DIFFERENCE, CHANNEL_DIFFERENCE])
}

function livesOf(random: Random, seed: number, index: number, steps: number, tooLong: boolean): Life[] {
  // One more than a run has: a boundary comes to each life of each sentinel in turn.
  const number = seed * (SENTINELS * LIVES + 1) + index * LIVES
  const turn = steps / LIVES
  return Array.from({ length: LIVES }, (_, life) => {
    // Who is back may be cut while it is still catching up.
    const isAtOnce = life > 0 && random.below(2) === 0
    const fromStep = isAtOnce ? 0 : Math.floor(turn * (life + 0.1 + random.fraction() * 0.4))
    const other = random.below(12)
    const end = other === 0 ? 'kill' : other === 1 ? 'stop' : boundaryAt(number + life, tooLong)
    return { end, fromStep, untilStep: Math.floor(turn * (life + 0.9)), awayMs: 50 + random.below(700) }
  })
}
