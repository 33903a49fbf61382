import { BusyTimeout, openDatabase, type SqliteDatabase } from '@tgsentinel/kernel/sqlite'
import { AdminRosterTable } from './admin-rosters'
import { MessageChangeTable } from './message-changes'
import { AlertTable } from './alerts'
import { BackgroundTable } from './background'
import { BackfillTable } from './backfills'
import { BotChatTable } from './bot-chats'
import { CapturedTable } from './captured'
import { ChatTable } from './chats'
import { CircumstanceTable } from './circumstances'
import { CoverageTable } from './coverage'
import { CursorTable } from './cursors'
import { DeliveryTable } from './deliveries'
import { DestinationTable } from './destinations'
import { DigestRunTable } from './digest-runs'
import { DigestTable } from './digests'
import { DialogTable } from './dialogs'
import { EventTable } from './events'
import { FeedTable } from './feeds'
import { GapTable } from './gaps'
import { HeldDeliveryTable } from './held-deliveries'
import { MessageHistoryTable } from './message-history'
import { LabelTable } from './labels'
import { MessageTable } from './messages'
import { MIGRATIONS } from './migrations'
import { REPAIRS } from './repairs'
import { NewestMessages } from './newest-messages'
import { PhotoTable } from './photos'
import { ProfileRevisionTable } from './profile-revisions'
import { ProfileTable } from './profiles'
import { SnoozeTable } from './snoozes'
import { Space } from './space'
import { ReconsiderationTable } from './reconsiderations'
import { SearchIndexTable } from './search-index'
import { RelevanceModelTable } from './relevance-models'
import { SettingTable } from './settings'
import { StoryTable } from './stories'
import { SweepTable } from './sweeps'
import { TemplateTable } from './templates'
import { ToldTextTable } from './told-texts'
import { TrafficTable } from './traffic'
import { UnreadableTable } from './unreadable'
import { UsedLinkTable } from './used-links'
import { VolumeTable } from './volumes'
import { LAYER } from '../../generated/layer'

/** In the order in which their references allow. */
const CAPTURED = [
  'digest_runs',
  'deliveries',
  'told_texts',
  'message_changes',
  'alert_profiles',
  'alerts',
  'story_keys',
  'tellings',
  'labels',
  'relevance_models',
  'background',
  'message_versions',
  'message_counts',
  'reconsiderations',
  'messages',
  'deletions',
  'chat_admins',
  'admin_rosters',
  'topics',
  'unreadable_messages',
  'peer_names',
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
  'chat_volumes',
]

/** sentinel.db: one object a family of tables, and the transactions that hold them together. */
export class Store {
  readonly busyTimeout: BusyTimeout
  readonly settings: SettingTable
  readonly chats: ChatTable
  readonly messages: MessageTable
  readonly messageHistory: MessageHistoryTable
  readonly cursors: CursorTable
  readonly unreadable: UnreadableTable
  readonly gaps: GapTable
  readonly coverage: CoverageTable
  readonly backfills: BackfillTable
  readonly profiles: ProfileTable
  readonly profileRevisions: ProfileRevisionTable
  readonly newestMessages: NewestMessages
  readonly labels: LabelTable
  readonly relevanceModels: RelevanceModelTable
  readonly background: BackgroundTable
  readonly stories: StoryTable
  readonly alerts: AlertTable
  readonly messageChanges: MessageChangeTable
  readonly adminRosters: AdminRosterTable
  readonly circumstances: CircumstanceTable
  readonly reconsiderations: ReconsiderationTable
  readonly traffic: TrafficTable
  readonly events: EventTable
  readonly feeds: FeedTable
  readonly dialogs: DialogTable
  readonly photos: PhotoTable
  readonly botChats: BotChatTable
  readonly snoozes: SnoozeTable
  readonly usedLinks: UsedLinkTable
  readonly destinations: DestinationTable
  readonly deliveries: DeliveryTable
  readonly heldDeliveries: HeldDeliveryTable
  readonly digests: DigestTable
  readonly digestRuns: DigestRunTable
  readonly toldTexts: ToldTextTable
  readonly templates: TemplateTable
  readonly searchIndex: SearchIndexTable
  readonly captured: CapturedTable
  readonly volumes: VolumeTable
  readonly sweeps: SweepTable
  readonly space: Space
  private readonly begin: (work: () => unknown) => unknown
  /** What is to follow the transaction under way; null while there is none. */
  private following: (() => void)[] | null = null

  constructor(private readonly database: SqliteDatabase) {
    // SQLite's own lower() knows ASCII alone.
    database.function('lower_text', { deterministic: true }, (text) => String(text).toLowerCase())
    this.busyTimeout = new BusyTimeout(database)
    this.settings = new SettingTable(database)
    this.chats = new ChatTable(database)
    this.messages = new MessageTable(database)
    this.reconsiderations = new ReconsiderationTable(database)
    this.circumstances = new CircumstanceTable(database)
    this.adminRosters = new AdminRosterTable(database)
    this.messageHistory = new MessageHistoryTable(database, this.reconsiderations)
    this.cursors = new CursorTable(database)
    this.unreadable = new UnreadableTable(database, LAYER)
    this.gaps = new GapTable(database)
    this.coverage = new CoverageTable(database, this.gaps)
    this.backfills = new BackfillTable(database)
    this.profileRevisions = new ProfileRevisionTable(database)
    this.profiles = new ProfileTable(database, this.profileRevisions)
    this.newestMessages = new NewestMessages(database)
    this.labels = new LabelTable(database, this.circumstances)
    this.relevanceModels = new RelevanceModelTable(database)
    this.background = new BackgroundTable(database)
    this.stories = new StoryTable(database)
    this.alerts = new AlertTable(database)
    this.messageChanges = new MessageChangeTable(database)
    this.traffic = new TrafficTable(database)
    this.events = new EventTable(database)
    this.feeds = new FeedTable(database)
    this.dialogs = new DialogTable(database)
    this.photos = new PhotoTable(database)
    this.botChats = new BotChatTable(database)
    this.snoozes = new SnoozeTable(database)
    this.usedLinks = new UsedLinkTable(database)
    this.destinations = new DestinationTable(database)
    this.deliveries = new DeliveryTable(database)
    this.heldDeliveries = new HeldDeliveryTable(database)
    this.digests = new DigestTable(database)
    this.digestRuns = new DigestRunTable(database)
    this.toldTexts = new ToldTextTable(database)
    this.templates = new TemplateTable(database)
    this.searchIndex = new SearchIndexTable(database)
    this.captured = new CapturedTable(database)
    this.volumes = new VolumeTable(database)
    this.sweeps = new SweepTable(database)
    this.space = new Space(database)
    this.begin = database.transaction((work: () => unknown) => work()).immediate
  }

  /** Runs `work` in one synchronous transaction: all of it or nothing. Within another one it is a part of that. */
  transaction<T>(work: () => T): T {
    if (this.following) return this.part(work, this.following)
    const following = (this.following = [] as (() => void)[])
    const result = this.whole(work)
    for (const step of following) step()
    return result
  }

  private whole<T>(work: () => T): T {
    try {
      return this.begin(work) as T
    } catch (error) {
      // What was rolled back is not written.
      this.chats.forgetWritten()
      this.dialogs.forgetListed()
      this.coverage.reload()
      this.unreadable.reload()
      throw error
    } finally {
      this.following = null
    }
  }

  /** A part that fails, and is caught, takes along what was to follow it. */
  private part<T>(work: () => T, following: (() => void)[]): T {
    const before = following.length
    try {
      return this.begin(work) as T
    } catch (error) {
      following.length = before
      throw error
    }
  }

  /** Runs `step` once what is written is there to stay: at once, or after the transaction under way; never where that fails. */
  afterCommit(step: () => void): void {
    if (this.following) this.following.push(step)
    else step()
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
      this.searchIndex.clear()
      this.database.exec('UPDATE totals SET value = 0')
      this.settings.delete('chats_read_at')
    })
    this.chats.forgetWritten()
    this.dialogs.forgetListed()
    this.unreadable.reload()
    this.dialogs.generation += 1
    this.database.exec('VACUUM')
    this.database.pragma('wal_checkpoint(TRUNCATE)')
    return erased
  }

  close(): void {
    this.database.close()
  }
}

export function openStore(path: string): Store {
  return new Store(openDatabase(path, MIGRATIONS, REPAIRS))
}
