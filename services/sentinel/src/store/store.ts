import { openDatabase, type SqliteDatabase } from '@tgsentinel/kernel/sqlite'
import { AlertTable } from './alerts'
import { BotChatTable } from './bot-chats'
import { ChatTable } from './chats'
import { CursorTable } from './cursors'
import { DialogTable } from './dialogs'
import { EventTable } from './events'
import { MessageTable } from './messages'
import { MIGRATIONS } from './migrations'
import { PhotoTable } from './photos'
import { ProfileTable } from './profiles'
import { SettingTable } from './settings'
import { TrafficTable } from './traffic'

/** In the order in which their references allow. */
const CAPTURED = [
  'alerts',
  'message_versions',
  'message_counts',
  'messages',
  'deletions',
  'topics',
  'coverage',
  'gaps',
  'backfills',
  'chats',
  'users',
  'traffic',
  'alert_traffic',
  'events',
  'dialogs',
  'folders',
  'photos',
]

/** sentinel.db: one object a family of tables, and the transactions that hold them together. */
export class Store {
  readonly settings: SettingTable
  readonly chats: ChatTable
  readonly messages: MessageTable
  readonly cursors: CursorTable
  readonly profiles: ProfileTable
  readonly alerts: AlertTable
  readonly traffic: TrafficTable
  readonly events: EventTable
  readonly dialogs: DialogTable
  readonly photos: PhotoTable
  readonly botChats: BotChatTable
  private readonly begin: (work: () => unknown) => unknown

  constructor(private readonly database: SqliteDatabase) {
    // SQLite's own lower() knows ASCII alone.
    database.function('lower_text', { deterministic: true }, (text) => String(text).toLowerCase())
    this.settings = new SettingTable(database)
    this.chats = new ChatTable(database)
    this.messages = new MessageTable(database)
    this.cursors = new CursorTable(database)
    this.profiles = new ProfileTable(database)
    this.alerts = new AlertTable(database)
    this.traffic = new TrafficTable(database)
    this.events = new EventTable(database)
    this.dialogs = new DialogTable(database)
    this.photos = new PhotoTable(database)
    this.botChats = new BotChatTable(database)
    this.begin = database.transaction((work: () => unknown) => work()).immediate
  }

  /** Runs `work` in one synchronous transaction: all of it or nothing. */
  transaction<T>(work: () => T): T {
    try {
      return this.begin(work) as T
    } catch (error) {
      // What was rolled back is not written.
      this.chats.forgetWritten()
      throw error
    }
  }

  /**
   * Deletes everything that was captured, and gives the space back. Profiles, settings and cursors stay: reading goes on from
   * where it stands.
   */
  erase(): { messages: number; alerts: number } {
    const count = (table: string) => Number(this.database.prepare(`SELECT count(*) FROM ${table}`).pluck().get())
    const erased = { messages: count('messages'), alerts: count('alerts') }
    this.transaction(() => {
      for (const table of CAPTURED) this.database.exec(`DELETE FROM ${table}`)
      this.database.exec("INSERT INTO alert_texts (alert_texts) VALUES ('delete-all')")
      this.database.exec('UPDATE totals SET value = 0')
      this.settings.delete('chats_read_at')
    })
    this.chats.forgetWritten()
    this.database.exec('VACUUM')
    this.database.pragma('wal_checkpoint(TRUNCATE)')
    return erased
  }

  close(): void {
    this.database.close()
  }
}

export function openStore(path: string): Store {
  return new Store(openDatabase(path, MIGRATIONS))
}
