import { readRows, usualCast } from '../support/conversation'
import type { Status } from '../support/sentinel-api'
import { SentinelProcess } from '../support/sentinel-process'
import { TelegramStage } from '../support/telegram-stage'
import { makeTemporaryFolder, removeFolder } from '../support/temporary-folder'
import { until } from '../support/until'
import { BotApiServer, BOT_TOKEN } from './bot-api-server'

export const ADMIN = 5001

type Cast = Awaited<ReturnType<typeof usualCast>>

/** A simulated Telegram, a simulated Bot API, and a signed-in sentinel whose bot obeys ADMIN. */
export class BotStage {
  sentinel!: SentinelProcess
  cast!: Cast
  private readonly dataDir = makeTemporaryFolder()
  /** Everything that ended processes have said. */
  private said = ''
  private posted = 0

  private constructor(
    readonly telegram: TelegramStage,
    readonly bot: BotApiServer,
  ) {}

  static async open(): Promise<BotStage> {
    const stage = new BotStage(await TelegramStage.open(), await BotApiServer.start())
    stage.cast = await usualCast(stage.telegram)
    await stage.start()
    await stage.telegram.signIn(stage.sentinel)
    const { api } = stage.sentinel
    for (const { id } of await api.profiles()) await api.deleteProfile(id)
    await api.createProfile({ name: 'Alpha', keywords: { security: { words: ['alpha'], weight: 3 } } })
    await api.createProfile({ name: 'Beta', keywords: { general: { words: ['beta'] } } })
    return stage
  }

  /** The sentinel, on the same data as the one before. */
  async start(): Promise<void> {
    const env = { ...this.telegram.env, ...this.bot.env(ADMIN), LOG_LEVEL: 'debug' }
    this.sentinel = await SentinelProcess.start({ dataDir: this.dataDir, env })
  }

  async running(): Promise<Status['bot']> {
    return this.reaches('running')
  }

  async reaches(state: Status['bot']['state']): Promise<Status['bot']> {
    return until(
      `the bot to be ${state}`,
      async () => {
        const { bot } = await this.sentinel.api.status()
        return bot.state === state && bot
      },
      40_000,
    )
  }

  /** Says something to the bot, and gives the next text that comes back to that chat. */
  async ask(text: string, who: { from?: number; chat?: number; chatType?: 'private' | 'group' } = {}): Promise<string> {
    const { from = ADMIN, chat = from } = who
    const before = this.bot.textsTo(chat).length
    this.bot.say({ from, text, chat, ...(who.chatType ? { chatType: who.chatType } : {}) })
    return until(`an answer to ${text}`, () => this.bot.textsTo(chat)[before])
  }

  /** Posts, and waits until the message is scored. */
  async post(text: string, chat = this.cast.channel, from?: number): Promise<void> {
    await this.telegram.control.postMessage({ chat, text, ...(from === undefined ? {} : { from }) })
    this.posted += 1
    const { api } = this.sentinel
    await until('the message to be scored', async () => {
      const stored = readRows<{ n: number }>(
        this.sentinel.databasePath,
        'SELECT count(*) AS n FROM messages WHERE flags & 1024 = 0',
      )
      return (stored[0]?.n ?? 0) >= this.posted && (await api.status()).backlog === 0
    })
  }

  /** How far the admin was told, as the row says. */
  toldUpTo(): number {
    return this.chatRow()?.told_up_to ?? 0
  }

  isPaused(): boolean {
    return this.chatRow()?.is_paused === 1
  }

  private chatRow(): { told_up_to: number; is_paused: number } | undefined {
    return readRows<{ told_up_to: number; is_paused: number }>(
      this.sentinel.databasePath,
      'SELECT told_up_to, is_paused FROM bot_chats WHERE chat_id = ?',
      ADMIN,
    )[0]
  }

  async alertIds(): Promise<number[]> {
    return (await this.sentinel.api.alerts()).map(({ id }) => id)
  }

  async told(text: string, chat = ADMIN): Promise<string> {
    return until(`${text} to be told`, () => this.bot.textsTo(chat).find((one) => one.includes(text)), 40_000)
  }

  /** How often a text was told. */
  times(text: string, chat = ADMIN): number {
    return this.bot.textsTo(chat).join('\n').split(text).length - 1
  }

  async crash(): Promise<void> {
    await this.sentinel.crash()
    this.said += this.sentinel.output
  }

  async stop(): Promise<void> {
    await this.sentinel.stop()
    this.said += this.sentinel.output
  }

  /** Lines of any log that hold the token, or the part of it that is secret. */
  get leaks(): string[] {
    const [, secret = ''] = BOT_TOKEN.split(':')
    return `${this.said}${this.sentinel.output}`.split('\n').filter((line) => line.includes(secret))
  }

  async close(): Promise<void> {
    await this.stop()
    await this.telegram.close()
    await this.bot.stop()
    removeFolder(this.dataDir)
  }
}
