import { answerKeyboard, type Keyboard } from '../answer-buttons'
import type { StyledText } from '../styled-text'
import { SENT, type Notifier, type OnText, type Outcome, type Told } from './notifier'
import { MAX_MESSAGE } from './telegram'
import { pagesOf } from './writing'

/** Writes as the bot; null: to its first admin. */
export type BotDoor = (chatId: number | null, message: BotMessage, signal: AbortSignal) => Promise<Outcome>

export interface BotMessage extends StyledText {
  keyboard: Keyboard
}

/** A chat of the bot. The Bot API knows no ids of ours: a message whose acknowledgement was lost may come twice. */
export class BotNotifier implements Notifier {
  constructor(
    private readonly chatId: number | null,
    private readonly write: BotDoor,
    private readonly onText: OnText,
  ) {}

  /** Buttons stand below the last page. */
  async send({ body, answerable, link }: Told, signal: AbortSignal): Promise<Outcome> {
    const pages = pagesOf(body, MAX_MESSAGE)
    const buttons = answerable ? answerKeyboard([{ id: answerable.alertId, link }], answerable.destinationId) : []
    for (const [index, text] of pages.entries()) {
      this.onText(text.text, this.chatId)
      const keyboard = index === pages.length - 1 ? buttons : []
      const outcome = await this.write(this.chatId, { ...text, keyboard }, signal)
      if (outcome.type !== 'sent') return outcome
    }
    return SENT
  }
}
