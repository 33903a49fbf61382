import { ApiError } from '@tgsentinel/kernel/errors'
import type { Logger } from '@tgsentinel/kernel/log'
import { pressOf, withPressed, type Keyboard } from '../answer-buttons'
import type { Answers } from '../answers/answers'
import { cutTo } from '../cutting'
import type { BotApi, MessageContext } from './bot-api'

export interface PressOptions {
  api: Pick<BotApi, 'answerPress' | 'replaceKeyboard'>
  answers: Pick<Answers, 'give'>
  admins: ReadonlySet<number>
  log: Logger
}

/** What Telegram shows of an answer to a press (core.telegram.org/bots/api#answercallbackquery). */
const MAX_NOTE = 200

/** Buttons below alerts: what a press says is kept, whoever pressed is told so, and the button is marked. */
export async function answerPress({ callbackQuery }: MessageContext, options: PressOptions): Promise<void> {
  if (!callbackQuery) return
  const { api, log } = options
  const { id, from, data = '', message } = callbackQuery
  const { note, isKept } = outcomeOf(data, from.id, message?.chat.id ?? from.id, options)
  // Telegram takes no answer to a press that is minutes old; what it said is kept all the same.
  await api.answerPress(id, cutTo(note, MAX_NOTE)).catch((error: unknown) => {
    log.debug({ err: error }, 'a press could not be answered')
  })
  const keyboard = message?.reply_markup?.inline_keyboard
  if (!isKept || !keyboard) return
  await api.replaceKeyboard(message.chat.id, message.message_id, withPressed(keyboard as Keyboard, data)).catch(
    // The same buttons again are refused, as is a message that is gone.
    (error: unknown) => log.debug({ err: error }, 'the buttons of an alert could not be marked'),
  )
}

function outcomeOf(data: string, from: number, chatId: number, { answers, admins, log }: PressOptions) {
  if (!admins.has(from)) return { note: 'Only the owner can answer.', isKept: false }
  const press = pressOf(data)
  if (!press) return { note: 'This button is of another version. Answer on the page.', isKept: false }
  const { alertId, answer, destinationId } = press
  const place = destinationId === null ? { botChatId: chatId } : { destinationId }
  try {
    return { note: answers.give(alertId, answer, { source: 'bot', destinationId, place }).message, isKept: true }
  } catch (error) {
    if (error instanceof ApiError) return { note: error.message, isKept: false }
    log.error({ err: error, alert_id: alertId }, 'a press could not be kept')
    return { note: 'Something went wrong. The log of the sentinel says what.', isKept: false }
  }
}
