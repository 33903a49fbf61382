import type { Logger } from '@tgsentinel/kernel/log'
import { SECOND } from '@tgsentinel/kernel/time'
import { wellFormed } from '@tgsentinel/kernel/well-formed'
import { later, type AnswerLinks, type Outcome, type Told } from '../notifiers/notifier'
import { notifierOf, type Doors } from '../notifiers/notifiers'
import type { StoredDelivery } from '../store/deliveries'
import type { StoredDestination } from '../store/destinations'
import type { Store } from '../store/store'
import type { TemplateText } from '../store/templates'
import type { Alert } from '../model'
import type { Rendered } from '../templates/template-engine'
import { BUILT_IN, type Templates } from '../templates/templates'
import { asHeard } from '../hearing'

/** From the first byte to the last: a destination that takes longer has not taken it. */
export const SEND_TIMEOUT_MS = 60 * SECOND

export interface CourierOptions {
  store: Store
  templates: Templates
  doors: Doors
  isUrgent: (alert: Alert) => boolean
  answers: Pick<AnswerLinks, 'tokens'>
  log: Logger
}

/** Makes of a delivery what its destination is told, and hands it over. */
export class Courier {
  constructor(private readonly options: CourierOptions) {}

  /** It never throws; `template`: instead of the destination's own. */
  async carry(
    delivery: StoredDelivery,
    destination: StoredDestination,
    signal: AbortSignal,
    template = this.options.templates.chosen(destination.templateId),
  ): Promise<Outcome> {
    const controller = new AbortController()
    const abort = () => controller.abort()
    const timer = setTimeout(abort, SEND_TIMEOUT_MS)
    signal.addEventListener('abort', abort, { once: true })
    try {
      const told = await this.toldOf(delivery, destination, template)
      if (!told) return { type: 'rejected', problem: 'The alert is no longer there.' }
      return await notifierOf(destination, this.options.doors).send(wellFormedTold(told), controller.signal)
    } catch (error) {
      const { id, destinationId } = delivery
      this.options.log.error({ err: error, delivery_id: id, destination_id: destinationId }, 'a delivery stumbled')
      return later('Something went wrong here; the log of the sentinel says what.')
    } finally {
      clearTimeout(timer)
      signal.removeEventListener('abort', abort)
    }
  }

  private async toldOf(
    delivery: StoredDelivery,
    destination: StoredDestination,
    template: TemplateText,
  ): Promise<Told | null> {
    const { messageId, kind, content, alertId, createdAtMs: atMs } = delivery
    if (content) {
      const { link } = content.data
      return {
        messageId,
        kind,
        isUrgent: false,
        answerable: null,
        ...content,
        link: typeof link === 'string' ? link : null,
        atMs,
      }
    }
    const found = alertId === null ? undefined : this.options.store.alerts.find(alertId)
    if (!found) return null
    const alert = asHeard(destination, found)
    const { link } = alert
    const isUrgent = this.options.isUrgent(alert)
    const rendered = await this.rendered(template, alert)
    const { id: destinationId } = destination
    const answerable = {
      alertId: alert.id,
      destinationId,
      tokens: this.options.answers.tokens(alert.id, destinationId),
    }
    return { messageId, kind, isUrgent, answerable, ...rendered, link, data: { ...alert }, atMs }
  }

  /** An alert that a template stumbles over is told all the same. */
  private async rendered(template: TemplateText, alert: Alert): Promise<Rendered> {
    const { templates, log } = this.options
    try {
      const rendered = await templates.render(template, alert)
      if (rendered.body.text !== '') return rendered
    } catch (error) {
      log.warn({ err: error, alert_id: alert.id }, 'a template could not be used, the built-in one is')
    }
    return templates.render(BUILT_IN, alert)
  }
}

/** Whatever made the texts: half of a character goes nowhere. Marks stay where they are, since the sign in its place is as long. */
function wellFormedTold(told: Told): Told {
  const { title, body } = told
  return { ...told, title: wellFormed(title), body: { ...body, text: wellFormed(body.text) } }
}
