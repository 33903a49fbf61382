import type { StyledText } from '../styled-text'
import { SENT, type Notifier, type OnText, type Outcome, type Told } from './notifier'
import { MAX_MESSAGE } from './telegram'
import { pagesOf } from './writing'

/** Writes as the bot; null: to its first admin. */
export type BotDoor = (chatId: number | null, text: StyledText, signal: AbortSignal) => Promise<Outcome>

/** A chat of the bot. The Bot API knows no ids of ours: a message whose acknowledgement was lost may come twice. */
export class BotNotifier implements Notifier {
  constructor(
    private readonly chatId: number | null,
    private readonly write: BotDoor,
    private readonly onText: OnText,
  ) {}

  async send({ body }: Told, signal: AbortSignal): Promise<Outcome> {
    for (const text of pagesOf(body, MAX_MESSAGE)) {
      this.onText(text.text, this.chatId)
      const outcome = await this.write(this.chatId, text, signal)
      if (outcome.type !== 'sent') return outcome
    }
    return SENT
  }
}
