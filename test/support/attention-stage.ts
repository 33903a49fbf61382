import { setImmediate as nextTurn } from 'node:timers/promises'
import { join } from 'node:path'
import { createLogger } from '@tgsentinel/kernel/log'
import { SECOND } from '@tgsentinel/kernel/time'
import { Alerts } from '../../services/sentinel/src/alerts'
import { MemoryBus } from '../../services/sentinel/src/bus/memory'
import { Deliveries } from '../../services/sentinel/src/deliveries/deliveries'
import { Ingestion } from '../../services/sentinel/src/ingestion/ingestion'
import type { Change } from '../../services/sentinel/src/intake'
import type { Message } from '../../services/sentinel/src/model'
import { Profiles } from '../../services/sentinel/src/profiles'
import { openStore, type Store } from '../../services/sentinel/src/store/store'
import { makeTemporaryFolder, removeFolder } from './temporary-folder'

const ACCOUNT = 700
const CHAT = -42
const MARA = { id: 5, name: 'Mara', username: 'mara' }

/** From a message to an alert in a database of its own, by a clock that stands where it is put; nobody sends anything. */
export class AttentionStage {
  readonly log = createLogger('test', 'silent')
  store!: Store
  bus!: MemoryBus
  profiles!: Profiles
  private readonly folder = makeTemporaryFolder()
  private lastMessageId = 0
  private last: Message | undefined

  constructor(public nowMs: number) {
    this.open()
  }

  readonly now = (): number => this.nowMs

  /** As after the end of the process and a new start. */
  reopen(): void {
    this.store.close()
    this.open()
  }

  /** Stores what Mara says, scores it and raises what is to be raised. */
  async post(...texts: string[]): Promise<void> {
    await this.take({ messages: texts.map((text) => this.message(text)) })
  }

  /** What Mara said last says something else from now on. */
  async edit(text: string): Promise<void> {
    const at = Math.floor(this.nowMs / SECOND)
    const message = { ...(this.last as Message), text, editedAt: at, revisedAt: at }
    await this.take({ messages: [], changes: [{ type: 'edited', message }] })
  }

  private async take(news: { messages: Message[]; changes?: Change[] }): Promise<void> {
    const { store, bus, profiles, log, now } = this
    const ingestion = new Ingestion(store, bus, log)
    const alerts = new Alerts({ store, profiles, deliveries: this.deliveries, bus, log, now })
    ingestion.accept(ACCOUNT, { users: [MARA], chats: [], cursors: [], ...news })
    ingestion.drain()
    alerts.start()
    while (alerts.backlog > 0) await nextTurn()
    alerts.close()
    ingestion.close()
  }

  get deliveries(): Deliveries {
    return new Deliveries(this.store, this.bus, this.now)
  }

  close(): void {
    this.store.close()
    removeFolder(this.folder)
  }

  private open(): void {
    this.store = openStore(join(this.folder, 'sentinel.db'))
    this.bus = new MemoryBus()
    this.profiles = new Profiles(this.store, this.bus, this.now)
  }

  private message(text: string): Message {
    const facts = { topicId: null, senderId: MARA.id, replyToId: null, media: null, groupedId: null, flags: 0 }
    const date = Math.floor(this.nowMs / SECOND)
    this.last = { chatId: CHAT, messageId: ++this.lastMessageId, date, text, ...facts }
    return this.last
  }
}
