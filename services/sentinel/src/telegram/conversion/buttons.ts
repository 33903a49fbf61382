import { isTl, tlList, tlText, type TlObject } from '../tl'

/** Every kind of button that the schema has, and which of its fields a person can read or follow. */
const FIELDS: Record<string, readonly string[]> = {
  ButtonTypeDefault: [],
  ButtonTypeRequestPhone: [],
  ButtonTypeRequestGeoLocation: [],
  ButtonTypeRequestPoll: [],
  ButtonTypeRequestPeer: [],
  InputButtonTypeRequestPeer: [],
  ButtonTypeSimpleWebView: ['url'],
  InlineButtonTypeUrl: ['url'],
  InlineButtonTypeUrlAuth: ['url', 'fwdText'],
  InputInlineButtonTypeUrlAuth: ['url', 'fwdText'],
  InlineButtonTypeWebView: ['url'],
  InlineButtonTypeCallback: [],
  InlineButtonTypeGame: [],
  InlineButtonTypeBuy: [],
  InlineButtonTypeSwitchInline: ['query'],
  InlineButtonTypeUserProfile: [],
  InputInlineButtonTypeUserProfile: [],
  InlineButtonTypeCopy: ['copyText'],
  InlineButtonTypeDisabled: [],
}

/** Kinds of ReplyMarkup that have rows of buttons, and those that only hide or ask. */
const MARKUPS = new Set(['ReplyInlineMarkup', 'ReplyKeyboardMarkup', 'ReplyKeyboardHide', 'ReplyKeyboardForceReply'])

export interface Buttons {
  /** One a button. */
  lines: string[]
  hasAddress: boolean
  isPartial: boolean
}

/** What the buttons under a message say and where they lead (core.telegram.org/type/ReplyMarkup). */
export function buttonsOf(markup: unknown): Buttons {
  if (!isTl(markup)) return { lines: [], hasAddress: false, isPartial: false }
  const buttons = tlList(markup['rows']).flatMap((row) => tlList(row['buttons']))
  return {
    lines: buttons.map(buttonText).filter(Boolean),
    hasAddress: buttons.some(leadsAway),
    isPartial: !MARKUPS.has(markup.className) || !buttons.every(isKnownButton),
  }
}

/** Its text, and the address or the text that it carries. */
export function buttonText(button: TlObject): string {
  const type = isTl(button['type']) ? button['type'] : undefined
  const fields = (FIELDS[type?.className ?? ''] ?? []).map((name) => tlText(type?.[name]))
  return [tlText(button['text']), ...fields].filter(Boolean).join(' ')
}

export function isKnownButton(button: TlObject): boolean {
  return isTl(button['type']) && FIELDS[button['type'].className] !== undefined
}

function leadsAway(button: TlObject): boolean {
  const type = isTl(button['type']) ? button['type'] : undefined
  return tlText(type?.['url']) !== ''
}
