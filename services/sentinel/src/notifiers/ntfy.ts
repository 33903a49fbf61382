import { cutToBytes } from '../cutting'
import type { DestinationTarget } from '../model'
import type { Outgoing } from '../outgoing/outgoing'
import type { StoredSecrets } from '../store/destinations'
import type { Answerable, AnswerLinks, Notifier, Outcome, Told } from './notifier'
import { post, REFUSES_CONTENT } from './posting'
import { plainText } from './writing'

/** Longer ones become files (docs.ntfy.sh/publish). */
const MAX_BYTES = 4000

/** A topic of an ntfy server. The text goes as it is: nothing in it is markup there. */
export class NtfyNotifier implements Notifier {
  constructor(
    private readonly target: Extract<DestinationTarget, { kind: 'ntfy' }>,
    private readonly secrets: StoredSecrets,
    private readonly outgoing: Outgoing,
    private readonly answers: Pick<AnswerLinks, 'url'>,
  ) {}

  send({ title, body, link, answerable }: Told, signal: AbortSignal): Promise<Outcome> {
    const { server = 'https://ntfy.sh', topic, priority } = this.target
    const { token } = this.secrets
    const message = cutToBytes(plainText(body), MAX_BYTES)
    const actions = answerable ? this.actionsOf(answerable) : []
    const more = { ...(priority && { priority }), ...(link && { click: link }), ...(actions.length > 0 && { actions }) }
    const headers = token ? { Authorization: `Bearer ${token}` } : undefined
    const request = { method: 'POST' as const, url: server, body: { topic, title, message, ...more } }
    return post(this.outgoing, { ...request, ...(headers && { headers }) }, signal, REFUSES_CONTENT)
  }

  /** Three at the most (docs.ntfy.sh/publish#action-buttons): a tap on the notification opens the message. */
  private actionsOf({ tokens }: Answerable): object[] {
    const { wanted, not_wanted: notWanted, snooze } = tokens
    return Object.entries({ Wanted: wanted, 'Not wanted': notWanted, 'Snooze 1 h': snooze }).flatMap(
      ([label, token]) => {
        const url = this.answers.url(token)
        return url === null ? [] : [{ action: 'http', label, url, method: 'POST', clear: true }]
      },
    )
  }
}
