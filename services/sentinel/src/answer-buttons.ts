import type { Answer } from './model'

export type Button = { text: string; callback_data: string } | { text: string; url: string }
/** Rows of buttons below a message. */
export type Keyboard = readonly (readonly Button[])[]

/** What a button says, of which alert, and for the profiles of which destination; null: of all. */
export interface Press {
  answer: Answer
  alertId: number
  destinationId: number | null
}

const LABELS: Record<Answer, string> = { wanted: 'Wanted', not_wanted: 'Not wanted', snooze: 'Snooze 1 h' }
const DONE = '✓ '
/** Telegram takes a hundred buttons below a message, and people no more than a few rows. */
const MAX_ROWS = 20

/** Below a text that tells of alerts: a row for each, which bears the number of its alert where these are numbered. Pure. */
export function answerKeyboard(
  alerts: readonly { id: number; link: string | null }[],
  destinationId: number | null,
  isNumbered = false,
): Keyboard {
  return alerts.slice(0, MAX_ROWS).map(({ id: alertId, link }, index) => {
    const number = isNumbered ? `${index + 1} · ` : ''
    const answers = (Object.keys(LABELS) as Answer[]).map((answer) => ({
      text: `${number}${LABELS[answer]}`,
      callback_data: pressData({ answer, alertId, destinationId }),
    }))
    return link ? [...answers, { text: 'Open', url: link }] : answers
  })
}

/** At most 64 bytes (core.telegram.org/bots/api#inlinekeyboardbutton). Pure. */
export function pressData({ answer, alertId, destinationId }: Press): string {
  return [answer, alertId, ...(destinationId === null ? [] : [destinationId])].join(':')
}

/** Undefined for what is no button of ours. Pure. */
export function pressOf(data: string): Press | undefined {
  const [, answer, alertId, destinationId] =
    /^(wanted|not_wanted|snooze):([1-9]\d{0,14})(?::([1-9]\d{0,14}))?$/.exec(data) ?? []
  if (answer === undefined) return undefined
  return {
    answer: answer as Answer,
    alertId: Number(alertId),
    destinationId: destinationId === undefined ? null : Number(destinationId),
  }
}

/** The same buttons with a mark at the one that was pressed; the others of its alert lose theirs. Pure. */
export function withPressed(keyboard: Keyboard, data: string): Keyboard {
  return keyboard.map((row) => {
    const isItsRow = row.some((button) => 'callback_data' in button && button.callback_data === data)
    return isItsRow
      ? row.map((button) => marked(button, 'callback_data' in button && button.callback_data === data))
      : row
  })
}

function marked(button: Button, isPressed: boolean): Button {
  const text = button.text.replace(DONE, '')
  return { ...button, text: isPressed ? `${DONE}${text}` : text }
}
