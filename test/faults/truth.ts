import type { Control } from '../telegram-server/control/control'
import type { TrueChat, TrueMessage } from '../telegram-server/control/truth'
import type { Cast } from './cast'
import { textOf, type Chronicle, type Told } from './chronicle'

/** A message as an account has to have it. */
export interface Expected extends TrueMessage {
  chat: number
  told: Told | undefined
  /** Before anybody listened: it need not be stored. */
  isOld: boolean
}

export interface ExpectedChat extends TrueChat {
  /** The newest message when listening began; 0 where there was none. */
  topAtFirst: number
}

/** What one account's sentinel is to know. */
export interface Expectation {
  account: number
  chats: ExpectedChat[]
  byKey: Map<string, Expected>
  /** The chat that was closed to this account and stayed so. */
  closed: number | null
}

/** Ids of the newest messages, by account and chat. */
export type Tops = Map<number, Map<number, number>>

export async function topsOf(control: Control, { accounts }: Cast): Promise<Tops> {
  const tops: Tops = new Map()
  for (const account of accounts) {
    const { chats } = await control.truth({ account })
    tops.set(account, new Map(chats.map(({ chat, messages }) => [chat, messages.at(-1)?.id ?? 0])))
  }
  return tops
}

export async function expectationOf(
  control: Control,
  account: number,
  chronicle: Chronicle,
  tops: Tops,
  closed: { chat: number; witness: number } | null,
): Promise<Expectation> {
  const own = tops.get(account)
  const { chats } = await control.truth({ account })
  const all = closed ? [...chats, ...(await chatAsSeenBy(control, closed.witness, closed.chat))] : chats
  const byKey = new Map<string, Expected>()
  for (const { chat, messages } of all)
    for (const message of messages) {
      const told = chronicle.find(account, chat, message.id)
      const text = told ? textOf(told, message.text) : message.text
      const isOld = message.id <= (own?.get(chat) ?? 0)
      byKey.set(keyOf(chat, message.id), { ...message, text, chat, told, isOld })
    }
  const withTops = chats.map((chat) => ({ ...chat, topAtFirst: own?.get(chat.chat) ?? 0 }))
  return { account, chats: withTops, byKey, closed: closed?.chat ?? null }
}

export function keyOf(chat: number, messageId: number): string {
  return `${chat} ${messageId}`
}

async function chatAsSeenBy(control: Control, account: number, chat: number): Promise<TrueChat[]> {
  const { chats } = await control.truth({ account })
  return chats.filter((each) => each.chat === chat)
}
