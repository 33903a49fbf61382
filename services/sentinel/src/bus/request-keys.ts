/** A request that another program left as a key, and where its answer goes. */
export interface RequestKey {
  type: string
  id: string
  responseKey: string
  /** How long an answer stays; an error stays for `ERROR_TTL_S` everywhere. */
  answerTtlS: number
}

/** Matches the key of every request there is, and of little else. */
export const REQUEST_PATTERN = 'tgsentinel:*request:*'
export const ERROR_TTL_S = 60

const ANSWER_TTL_S = 60
/** The original's interface reads a participant again and again, and asks anew after half an hour. */
const PARTICIPANT_TTL_S = 30 * 60
const MAX_KEY_CHARACTERS = 320

/** The original's keys that carry their type in the name. */
const LEGACY = [
  { prefix: 'tgsentinel:telegram_chats_request:', type: 'get_dialogs', response: 'tgsentinel:telegram_chats_response' },
  {
    prefix: 'tgsentinel:telegram_users_request:',
    type: 'telegram_users',
    response: 'tgsentinel:telegram_users_response',
  },
  {
    prefix: 'tgsentinel:participant_request:',
    type: 'participant_info',
    response: 'tgsentinel:participant',
    answerTtlS: PARTICIPANT_TTL_S,
  },
]

/** What a key asks for; null where it is none of a request. */
export function requestAt(key: string): RequestKey | null {
  if (key.length > MAX_KEY_CHARACTERS) return null
  const [, type, id] = /^tgsentinel:request:([^:]+):(.+)$/s.exec(key) ?? []
  if (type !== undefined && id !== undefined)
    return { type, id, responseKey: responseKeyOf(type, id), answerTtlS: ANSWER_TTL_S }
  const legacy = LEGACY.find(({ prefix }) => key.startsWith(prefix) && key.length > prefix.length)
  if (!legacy) return null
  const rest = key.slice(legacy.prefix.length)
  const { answerTtlS = ANSWER_TTL_S } = legacy
  return { type: legacy.type, id: rest, responseKey: `${legacy.response}:${rest}`, answerTtlS }
}

export function requestKeyOf(type: string, id: string): string {
  return `tgsentinel:request:${type}:${id}`
}

function responseKeyOf(type: string, id: string): string {
  return `tgsentinel:response:${type}:${id}`
}
