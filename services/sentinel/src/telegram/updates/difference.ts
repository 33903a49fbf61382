import type { Message } from '../../model'
import type { Self } from '../message'
import { tlList, tlNumber, type TlObject } from '../tl'
import { isUnreadable, type UnreadablePart } from '../tolerant/unreadable'
import { ACCOUNT_BOX, headerOf, readMessages, readUnreadable, readUpdate, type Unreadable, type Update } from './update'
import type { AccountState } from './update-calls'

/** What a difference brings: messages first, then what became of them. */
export interface Brought {
  messages: Message[]
  updates: Update[]
  users: TlObject[]
  chats: TlObject[]
  unreadable: Unreadable[]
  /** Messages that could not be read and of which nothing is known, not even which they are. */
  nameless: number
}

/** Whether something was left out of which nothing is known: what it was a smaller answer may tell. */
export function isVague(answer: TlObject): boolean {
  const parts = [...tlList(answer['newMessages']), ...tlList(answer['otherUpdates'])].filter(isUnreadable)
  return parts.some((part) => part.header === null && part.channelId === null)
}

export type AccountDifference =
  | { kind: 'empty'; date: number; seq: number }
  | { kind: 'slice'; isLast: boolean; state: AccountState; brought: Brought }
  | { kind: 'too_long'; pts: number; cause?: LeapCause }

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
      return { kind: 'slice', isLast, state: stateOf(state), brought: broughtBy(answer, self, true) }
    }
  }
}

/** Why a box went on somewhere else, where it was not Telegram's word. */
export type LeapCause = 'state_lost' | 'unreadable'

export type ChannelDifference = { isFinal: boolean; pts: number; timeoutS: number | null } & (
  | { kind: 'empty' }
  | { kind: 'slice'; brought: Brought }
  /** Only the newest messages, or none: between them and what is stored some are missing. */
  | { kind: 'too_long'; brought: Brought; cause?: LeapCause }
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

/** Of a channel an account's difference says only that there is something, and of some the newest message. */
function broughtBy(answer: TlObject, self: Self, isOfAccount = false): Brought {
  const sources = tlList(answer['newMessages'])
  const { messages, changes, unreadable } = readMessages(sources, self)
  const told: Update = { box: 0, pts: null, count: 0, qts: 0, message: null, changes, demand: null }
  const others = tlList(answer['otherUpdates']).map((update) =>
    isUnreadable(update) ? readLost(update, isOfAccount) : readUpdate(update, self),
  )
  return {
    messages,
    updates: changes.length > 0 ? [told, ...others] : others,
    users: tlList(answer['users']),
    chats: tlList(answer['chats']),
    unreadable,
    nameless: sources.filter((source) => isUnreadable(source) && headerOf(source) === null).length,
  }
}

/** What was asked for is here, and asking again would bring it again; but what is of a channel, its own difference has to bring. */
function readLost(part: UnreadablePart, isOfAccount: boolean): Update {
  const update = readUnreadable(part)
  if (isOfAccount && update.box !== ACCOUNT_BOX) return update
  const message = headerOf(part)
  return { ...update, demand: null, changes: message ? [{ type: 'garbled', message }] : [] }
}

function stateOf(state: TlObject): AccountState {
  const [pts, qts, date, seq] = ['pts', 'qts', 'date', 'seq'].map((name) => number(state[name]))
  return { pts: pts ?? 0, qts: qts ?? 0, date: date ?? 0, seq: seq ?? 0 }
}

function number(value: unknown): number {
  return tlNumber(value) ?? 0
}
