import { MessageFlag, type Detector, type Message } from '../model'

/** Whether a detector fires, from facts of the message alone. */
export const DETECTORS: Record<Detector, (message: Message) => boolean> = {
  mention: (message) => (message.flags & MessageFlag.namesMe) !== 0,
  reply_to_me: (message) => (message.flags & MessageFlag.replyToMe) !== 0,
  question: (message) => asks(message.text),
  link: (message) => (message.flags & MessageFlag.link) !== 0,
  code: (message) => (message.flags & MessageFlag.code) !== 0,
  one_time_code: (message) => oneTimeCode(message.text) !== null,
  media: (message) => (message.flags & MessageFlag.media) !== 0,
  forwarded: (message) => (message.flags & MessageFlag.forwarded) !== 0,
  pinned: (message) => (message.flags & MessageFlag.pinned) !== 0,
}

/** A question mark of any script at the end of a word or sentence; one inside a link is none. */
function asks(text: string): boolean {
  return /[?？؟⁇;](?=\s|$|["'»”)\]!?…])/u.test(text.replaceAll(';', ''))
}

const CODE_WORDS =
  /\b(?:code|codes|otp|passcode|pin|2fa|verification|password|codigo|código|kod|codice)\b|(?<!\p{L})(?:код\p{L}{0,3}|парол\p{L}{1,3}|підтвердження)(?!\p{L})|验证码|驗證碼|認証コード|確認コード|コード|인증/iu
const DIGITS = /(?<![\p{L}\p{N}.,:/#-])(\d{4,8}|\d{3}[ -]\d{3})(?![\p{L}\p{N}/:-]|[.,]\d)/u

/** The code that a message carries for signing in or confirming, or null. */
export function oneTimeCode(text: string): string | null {
  if (text.length > 1000 || !CODE_WORDS.test(text)) return null
  return DIGITS.exec(text)?.[1] ?? null
}
