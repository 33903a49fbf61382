import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { startTelegramServer, type TelegramServer, type TelegramServerOptions } from '../telegram-server/server'
import type { AccountInfo, Control, SessionFileOptions } from '../telegram-server/control/control'
import type { SentinelProcess } from './sentinel-process'
import { makeTemporaryFolder, removeFolder } from './temporary-folder'
import { until } from './until'

export const APP = { TG_API_ID: '12345', TG_API_HASH: '0123456789abcdef0123456789abcdef' }

/** A simulated Telegram with one account, and what a sentinel needs to reach it. */
export class TelegramStage {
  private readonly folder = makeTemporaryFolder()
  private files = 0

  private constructor(
    readonly server: TelegramServer,
    readonly account: AccountInfo,
  ) {}

  static async open(options: TelegramServerOptions = {}): Promise<TelegramStage> {
    const server = await startTelegramServer(options)
    return new TelegramStage(server, await server.control.createAccount({ firstName: 'Alex', username: 'alexmorgan' }))
  }

  get control(): Control {
    return this.server.control
  }

  /** Environment of a sentinel that may dial this data centre. */
  get env(): Record<string, string> {
    return { ...APP, TG_DC_ALLOW: `127.0.0.1:${this.server.port}` }
  }

  async sessionBytes(options: Omit<SessionFileOptions, 'path'> = {}): Promise<Buffer> {
    const path = join(this.folder, `${++this.files}.session`)
    await this.control.writeSessionFile({ path, ...options })
    return readFileSync(path)
  }

  /** Imports the account's session and waits until Telegram has accepted it. */
  async signIn(sentinel: SentinelProcess, options: Omit<SessionFileOptions, 'path'> = {}): Promise<number> {
    const { generation } = await sentinel.api.importSession(await this.sessionBytes(options))
    await this.signedIn(sentinel, generation)
    return generation
  }

  async signedIn(sentinel: SentinelProcess, generation = 0): Promise<void> {
    await until('the session to be authorized', async () => {
      const status = await sentinel.api.status()
      return status.authorized && status.connected && status.session_generation >= generation
    })
    // The list of chats is read last; a message before that would find chats without names.
    await until('the list of chats', async () => {
      if ((await this.callsOf('messages.getDialogs')) === 0) return false
      return (await sentinel.api.status()).queue.running !== 'messages.getDialogs'
    })
  }

  async callsOf(method: string): Promise<number> {
    const { calls } = await this.control.calls()
    return calls.filter((call) => call.method === method).length
  }

  async close(): Promise<void> {
    await this.server.close()
    removeFolder(this.folder)
  }
}
