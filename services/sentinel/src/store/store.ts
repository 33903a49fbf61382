import { openDatabase, type SqliteDatabase } from '@tgsentinel/kernel/sqlite'
import { AlertTable } from './alerts'
import { ChatTable } from './chats'
import { CursorTable } from './cursors'
import { EventTable } from './events'
import { MessageTable } from './messages'
import { MIGRATIONS } from './migrations'
import { ProfileTable } from './profiles'
import { SettingTable } from './settings'
import { TrafficTable } from './traffic'

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
  private readonly begin: (work: () => unknown) => unknown

  constructor(private readonly database: SqliteDatabase) {
    this.settings = new SettingTable(database)
    this.chats = new ChatTable(database)
    this.messages = new MessageTable(database)
    this.cursors = new CursorTable(database)
    this.profiles = new ProfileTable(database)
    this.alerts = new AlertTable(database)
    this.traffic = new TrafficTable(database)
    this.events = new EventTable(database)
    this.begin = database.transaction((work: () => unknown) => work()).immediate
  }

  /** Runs `work` in one synchronous transaction: all of it or nothing. */
  transaction<T>(work: () => T): T {
    return this.begin(work) as T
  }

  close(): void {
    this.database.close()
  }
}

export function openStore(path: string): Store {
  return new Store(openDatabase(path, MIGRATIONS))
}
