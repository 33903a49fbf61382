import Database from '@tgsentinel/sqlite-driver'
import type { MessageOptions } from '../telegram-server/world/model'
import type { Telling } from '../telegram-server/control/change-operations'
import type { Alert } from './sentinel-api'
import { SentinelProcess, type SentinelOptions } from './sentinel-process'
import { TelegramStage } from './telegram-stage'
import { until } from './until'

export type Post = MessageOptions & Telling

/** A signed-in sentinel and a Telegram in which a test talks; it knows how many messages have to be stored. */
export class Conversation {
  posted = 0

  private constructor(
    readonly stage: TelegramStage,
    public sentinel: SentinelProcess,
  ) {}

  /** `prepare` makes users and chats before anybody signs in. */
  static async open<T>(
    prepare: (stage: TelegramStage) => Promise<T>,
    options: SentinelOptions = {},
  ): Promise<{ talk: Conversation; cast: T }> {
    const stage = await TelegramStage.open()
    const cast = await prepare(stage)
    const sentinel = await SentinelProcess.start({ ...options, env: { ...stage.env, ...options.env } })
    await stage.signIn(sentinel)
    return { talk: new Conversation(stage, sentinel), cast }
  }

  /** Posts, and waits until the message is stored and scored. */
  async post(options: Post): Promise<number> {
    const id = await this.send(options)
    await this.settled()
    return id
  }

  /** Posts without waiting. */
  async send(options: Post): Promise<number> {
    const [message] = await this.stage.control.postMessage(options)
    if (!message) throw new Error('Nobody got the message')
    this.posted += 1
    return message.messageId
  }

  async settled(): Promise<void> {
    await until(`${this.posted} messages to be stored and scored`, async () => {
      const [stats, status] = [await this.sentinel.api.stats(), await this.sentinel.api.status()]
      return stats.total_messages >= this.posted && status.backlog === 0
    })
  }

  /** Alerts of one message, in the order they were raised. */
  async alertsOf(chat: number, messageId: number): Promise<Alert[]> {
    const alerts = await this.sentinel.api.alerts({ chat: String(chat) })
    return alerts.filter((alert) => alert.message_id === messageId).reverse()
  }

  /** Posts, waits, and gives what was raised. */
  async alertsFor(options: Post): Promise<Alert[]> {
    return this.alertsOf(options.chat, await this.post(options))
  }

  /** Rows of the database, read from outside. */
  rows<T>(sql: string, ...parameters: unknown[]): T[] {
    return readRows<T>(this.sentinel.databasePath, sql, ...parameters)
  }

  async close(): Promise<void> {
    await this.sentinel.stop()
    await this.stage.close()
  }
}

export function readRows<T>(path: string, sql: string, ...parameters: unknown[]): T[] {
  const database = new Database(path, { readonly: true })
  try {
    return database.prepare(sql).all(...parameters) as T[]
  } finally {
    database.close()
  }
}

/** The cast that most conversations need. */
export async function usualCast({ control }: TelegramStage) {
  const mara = await control.createUser({ firstName: 'Mara', lastName: 'Lind', username: 'mara' })
  const noor = await control.createUser({ firstName: 'Noor' })
  const bot = await control.createUser({ firstName: 'Build bot', username: 'buildbot', isBot: true })
  const channel = await control.createChannel({ title: 'News', username: 'newswire' })
  const supergroup = await control.createSupergroup({ title: 'Team' })
  const forum = await control.createForum({ title: 'Forum', topics: ['Talk'] })
  const group = await control.createGroup({ title: 'Family' })
  const chats = { channel: channel.chat, supergroup: supergroup.chat, forum: forum.chat, group: group.chat }
  const cast = { mara: mara.id, noor: noor.id, bot: bot.id, ...chats }
  // A chat without a message is in nobody's list of chats.
  for (const chat of Object.values(chats))
    await control.postMessage({ chat, from: mara.id, text: 'welcome', push: 'none' })
  for (const chat of [mara.id, noor.id, bot.id]) await control.postMessage({ chat, text: 'welcome', push: 'none' })
  return cast
}
