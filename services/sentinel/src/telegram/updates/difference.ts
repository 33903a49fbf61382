import type { Message } from '../../model'
import type { Self } from '../message'
import { tlList, tlNumber, type TlObject } from '../tl'
import { readMessages, readUpdate, type Update } from './update'
import type { AccountState } from './update-calls'

/** What a difference brings: messages first, then what became of them. */
export interface Brought {
  messages: Message[]
  updates: Update[]
  users: TlObject[]
  chats: TlObject[]
}

export type AccountDifference =
  | { kind: 'empty'; date: number; seq: number }
  | { kind: 'slice'; isLast: boolean; state: AccountState; brought: Brought }
  | { kind: 'too_long'; pts: number }

/** An answer of updates.getDifference (core.telegram.org/type/updates.Difference). Pure. */
export function readAccountDifference(answer: TlObject, self: Self): AccountDifference {
  switch (answer.className) {
    case 'updates.DifferenceEmpty':
      return { kind: 'empty', date: number(answer['date']), seq: number(answer['seq']) }
    case 'updates.DifferenceTooLong':
      return { kind: 'too_long', pts: number(answer['pts']) }
    default: {
      const state = (answer['state'] ?? answer['intermediateState']) as TlObject
      const isLast = answer.className === 'updates.Difference'
      return { kind: 'slice', isLast, state: stateOf(state), brought: broughtBy(answer, self) }
    }
  }
}

export type ChannelDifference = { isFinal: boolean; pts: number; timeoutS: number | null } & (
  | { kind: 'empty' }
  | { kind: 'slice'; brought: Brought }
  /** Only the newest messages: between them and what is stored some are missing. */
  | { kind: 'too_long'; brought: Brought }
)

/** An answer of updates.getChannelDifference (core.telegram.org/type/updates.ChannelDifference). Pure. */
export function readChannelDifference(answer: TlObject, self: Self): ChannelDifference {
  const common = { isFinal: answer['final'] !== false, timeoutS: tlNumber(answer['timeout']) }
  switch (answer.className) {
    case 'updates.ChannelDifferenceEmpty':
      return { kind: 'empty', ...common, isFinal: true, pts: number(answer['pts']) }
    case 'updates.ChannelDifferenceTooLong': {
      const dialog = answer['dialog'] as TlObject
      const brought = broughtBy({ ...answer, newMessages: answer['messages'] }, self)
      return { kind: 'too_long', ...common, isFinal: true, pts: number(dialog['pts']), brought }
    }
    default:
      return { kind: 'slice', ...common, pts: number(answer['pts']), brought: broughtBy(answer, self) }
  }
}

function broughtBy(answer: TlObject, self: Self): Brought {
  const { messages, changes } = readMessages(tlList(answer['newMessages']), self)
  const told: Update = { box: 0, pts: null, count: 0, qts: 0, message: null, changes, demand: null }
  const others = tlList(answer['otherUpdates']).map((update) => readUpdate(update, self))
  return {
    messages,
    updates: changes.length > 0 ? [told, ...others] : others,
    users: tlList(answer['users']),
    chats: tlList(answer['chats']),
  }
}

function stateOf(state: TlObject): AccountState {
  const [pts, qts, date, seq] = ['pts', 'qts', 'date', 'seq'].map((name) => number(state[name]))
  return { pts: pts ?? 0, qts: qts ?? 0, date: date ?? 0, seq: seq ?? 0 }
}

function number(value: unknown): number {
  return tlNumber(value) ?? 0
}
