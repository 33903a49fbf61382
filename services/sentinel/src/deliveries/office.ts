import type { Logger } from '@tgsentinel/kernel/log'
import type { Bus } from '../bus/bus'
import type { Alert } from '../model'
import type { BotDoor } from '../notifiers/bot'
import type { AnswerLinks, OnText } from '../notifiers/notifier'
import type { TelegramDoor } from '../notifiers/telegram'
import type { Outgoing } from '../outgoing/outgoing'
import type { Restraint } from '../restraint/restraint'
import type { Store } from '../store/store'
import type { Render } from '../templates/protocol'
import { Templates } from '../templates/templates'
import { Aftermath } from './aftermath'
import { Announcer } from './announcer'
import { Courier } from './courier'
import type { Deliveries } from './deliveries'
import { Destinations } from './destinations'
import { Dispatcher } from './dispatcher'
import { PushKeyring } from './push-keyring'
import { Trials } from './trials'

export interface OfficeOptions {
  store: Store
  deliveries: Deliveries
  restraint: Restraint
  bus: Bus
  log: Logger
  now: () => number
  outgoing: Outgoing
  relay: { post: TelegramDoor }
  /** `tellAdmins`: where no destination is left that could be told. */
  bot: { deliver: BotDoor; tellAdmins: (text: string) => void }
  renderTemplate: Render
  answers: AnswerLinks
  /** In [0, 1): spreads what is tried again. */
  chance?: () => number
}

/** Everybody who has to do with deliveries beyond their rows, put together: who sends, who tests, and what the owner may change. */
export class DeliveryOffice {
  readonly destinations: Destinations
  readonly templates: Templates
  readonly trials: Trials
  readonly pushKeyring: PushKeyring
  private readonly announcer: Announcer
  private readonly dispatcher: Dispatcher

  constructor(options: OfficeOptions) {
    const { store, deliveries, bus, now, log, relay, bot, outgoing, answers, chance = Math.random } = options
    this.announcer = new Announcer(store, bus, log)
    const onChange = () => this.announcer.announce()
    this.templates = new Templates({ store, now, onChange, render: options.renderTemplate })
    this.destinations = new Destinations({ store, deliveries, now })
    const onText: OnText = (text, chatId) => store.toldTexts.add(text, now(), chatId)
    const telegram: TelegramDoor = (...posting) => relay.post(...posting)
    const asBot: BotDoor = (...message) => bot.deliver(...message)
    this.pushKeyring = new PushKeyring(store)
    const pushKeys = () => this.pushKeyring.keys
    const doors = { outgoing, telegram, bot: asBot, pushKeys, onText, answers, now }
    const isUrgent = (alert: Alert) => options.restraint.isUrgent(alert)
    const courier = new Courier({ store, templates: this.templates, doors, isUrgent, answers, log })
    const tellOwner = (text: string) => bot.tellAdmins(text)
    const aftermath = new Aftermath({ store, deliveries, log, now, chance, tellOwner })
    this.dispatcher = new Dispatcher({
      store,
      bus,
      courier,
      aftermath,
      restraint: options.restraint,
      log,
      now,
      onChange,
    })
    const { destinations, templates } = this
    this.trials = new Trials({ store, destinations, templates, courier, now, onChange })
  }

  start(): void {
    this.dispatcher.start()
  }

  /** Idempotent. */
  async close(): Promise<void> {
    await this.dispatcher.close()
    this.announcer.close()
  }
}
