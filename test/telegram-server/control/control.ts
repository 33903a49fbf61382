import type { BotReply } from '../bot-scripts'
import type { PublicKeyReport } from '../mtproto/rsa-key'
import type { DifferenceLimits } from '../rpc/difference-methods'
import type { CallOrder, LoggedCall } from '../rpc/call-log'
import type { RandomTroubleOptions } from '../rpc/random-trouble'
import type { Freeze } from '../rpc/trouble'
import type { CodeWay, SignInOptions } from '../sign-in/sign-in-options'
import type { TlObject } from '../tl/codec'
import type { DialogSettings, Folder, MessageOptions } from '../world/model'
import type { NewAccount, NewChat, NewUser } from '../world/world'
import type { ChangeOperations, Telling } from './change-operations'
import type { TruthReport } from './truth'

export interface AccountInfo {
  id: number
  phone: string
  username?: string
  firstName: string
  homeDc: number
  /** 256 bytes in hex. */
  authKey: string
}

export interface PostedMessage {
  account: number
  messageId: number
  pts: number
}

export interface BurstOptions {
  count: number
  /** Marked ids, taken in turn. */
  chats: number[]
  /** Texts of the corpus instead of one short line. */
  textFromCorpus?: boolean
  /** Messages in one `updates` object; 1 if left out. */
  batchSize?: number
  /** Put into every tenth message. */
  withKeyword?: string
  /** As fast as the sockets take them if left out. */
  ratePerSecond?: number
  /** Everything is in the difference only. */
  push?: 'none'
  /** Appends ` #t<milliseconds since the epoch>` so that a reader can tell the delay. */
  stamped?: boolean
}

export interface BurstReport {
  sent: number
  elapsedMs: number
  perSecond: number
}

export interface SessionFileOptions {
  path: string
  account?: number
  withEntities?: boolean
  withUpdateState?: boolean
}

export interface StateReport {
  /** Of the first data centre. */
  port: number
  /** By data centre. */
  ports: Record<number, number>
  publicKey: PublicKeyReport
  connections: number
  /** Received on the open connections, muted or not. */
  packets: number
  /** Account 0: nobody has signed in. */
  sessions: { account: number; dc: number; layer: number; receivesPushes: boolean }[]
  accounts: { id: number; pts: number; qts: number; seq: number; messages: number }[]
  channels: { chat: number; title: string; pts: number; messages: number }[]
  day: { isStarted: boolean; posted: number; scripted: number }
}

/** What a test may ask of the data centre. Takes and gives JSON only, so that it is the same across a process border. */
export interface Control extends ChangeOperations {
  createAccount(options: NewAccount): Promise<AccountInfo>
  account(options?: { id?: number }): Promise<AccountInfo>
  createUser(options: NewUser): Promise<{ id: number }>
  createGroup(options: NewChat): Promise<{ chat: number }>
  createSupergroup(options: NewChat): Promise<{ chat: number }>
  createForum(options: NewChat): Promise<{ chat: number }>
  createChannel(options: NewChat): Promise<{ chat: number }>
  /** A channel that one is not in answers CHANNEL_PRIVATE and is pushed to others only. The account is told by updateChannel. */
  setMember(options: { chat: number; account?: number; member: boolean; push?: 'updates' | 'none' }): Promise<void>
  /** Puts users into a chat, and as many new ones as are counted; all become admins if told so. */
  addParticipants(options: {
    chat: number
    users?: number[]
    count?: number
    admin?: boolean
  }): Promise<{ users: number[] }>
  /** Makes somebody in a chat an admin, or takes that back. Of a basic group accounts are told, of others nobody but bots would be. */
  setAdmin(options: { chat: number; user: number; isAdmin: boolean }): Promise<void>
  setChatRules(options: { chat: number; slowmodeSeconds?: number; isWritable?: boolean }): Promise<void>
  /** What a bot says to messages in its private chat; replaces what it was told before. */
  setBotReplies(options: { bot: number; replies: BotReply[] }): Promise<void>
  /** Of a user or a chat (marked id), with its bytes in the given data centre. */
  setPhoto(options: { peer: number; dc?: number }): Promise<{ photoId: string }>
  /** Pins or archives (folder 1) a dialog; what is left out is reset. */
  setDialog(options: { chat: number; account?: number } & Partial<DialogSettings>): Promise<void>
  createFolder(options: { account?: number; title: string } & Partial<Omit<Folder, 'id'>>): Promise<{ id: number }>
  postMessage(options: MessageOptions & Telling): Promise<PostedMessage[]>
  /** Sends any Updates object as it is, to one account or the first. */
  pushEnvelope(options: { account?: number; envelope: TlObject }): Promise<void>
  burst(options: BurstOptions): Promise<BurstReport>
  startDay(options?: { intervalMs?: number }): Promise<void>

  /** The code last sent to a number, by whatever way. */
  lastCode(options: { phone: string }): Promise<{ code: string; way: CodeWay; phoneCodeHash: string }>
  expireCode(options: { phone: string }): Promise<void>
  setCodeOptions(options: Partial<SignInOptions>): Promise<void>
  /** As if the account's phone had scanned it. The token is base64url, alone or in a tg://login link. */
  acceptLoginToken(options: { token: string; account?: number }): Promise<void>

  floodWait(options: { method: string; seconds: number; times?: number }): Promise<void>
  failMethod(options: { method: string; code: number; type: string; times?: number; account?: number }): Promise<void>
  delayMethod(options: { method: string; delayMs: number; times?: number }): Promise<void>
  /**
   * Every call with the keys that the account has now is answered by 401 (DUPLICATED: 406) with this type, and nothing is
   * pushed to them, until trouble is cleared.
   */
  revoke(options: { account?: number; type: RevocationType }): Promise<void>
  /** Transport error -404 for the account's keys. */
  forgetKey(options: { account?: number }): Promise<void>
  changeSalts(): Promise<void>
  dropConnections(): Promise<void>
  setMuted(options: { muted: boolean }): Promise<void>
  losePushes(options: { count: number }): Promise<void>
  repeatPushes(options: { count: number }): Promise<void>
  /** Holds the next pushes back and then sends them last first. */
  reversePushes(options: { count: number }): Promise<void>
  /** A chat that is not pushed has to be asked for. */
  setPushed(options: { chat: number; pushed: boolean }): Promise<void>
  setClockOffset(options: { seconds: number }): Promise<void>
  setGzipOver(options: { sizeBytes: number }): Promise<void>
  setDifferenceLimits(options: Partial<DifferenceLimits>): Promise<void>
  /** What getChannelDifference asks clients to wait before they ask again. */
  setChannelTimeout(options: { seconds: number }): Promise<void>
  /** In what is pushed of channels, users other than the account are `min`: their access hashes are good for nothing. */
  setMinPeers(options: { enabled: boolean }): Promise<void>
  /** Pushed `updates` bring no users and chats. */
  setOmittedPeers(options: { enabled: boolean }): Promise<void>
  /**
   * Pushes are lost, doubled, held back behind the next one to four (at most 250 ms) or delayed, and connections break in the
   * middle of a packet after a number of bytes, all by chance, until trouble is cleared. Replaces what was set before.
   */
  /** The account's difference carries news of channels among its other updates. */
  setNewsOfChannels(options: { enabled: boolean }): Promise<void>
  /** Clients get what a client of this layer would get, whatever layer they announce. */
  withholdAbove(options: { layer: number | null }): Promise<void>
  /** The account may read no more until trouble is cleared. Unix seconds. */
  freeze(options: { account?: number } & Freeze): Promise<void>
  /** A user who is no more; the account is told by the users of later envelopes. */
  deleteUser(options: { user: number }): Promise<void>
  setRandomTrouble(options: RandomTroubleOptions): Promise<void>
  /** All connections and MTProto sessions end, salts change, what was on its way is lost; the world and the ports stay. */
  restart(): Promise<void>
  stopListening(): Promise<void>
  startListening(): Promise<void>
  clearTrouble(): Promise<void>

  /** How many pairs of one account's calls were unanswered at the same time; a client that queues its calls has none. */
  callOrder(options?: { account?: number; ignore?: string[] }): Promise<CallOrder>
  calls(): Promise<{ calls: LoggedCall[]; inFlight: number; maxInFlight: number }>
  clearCalls(): Promise<void>
  state(): Promise<StateReport>
  /** Of all chats that the account is in, silenced ones among them. */
  truth(options?: { account?: number }): Promise<TruthReport>
  /** A Telethon session file; on request with what the account knows of users and chats, and with its state. */
  writeSessionFile(options: SessionFileOptions): Promise<void>
}

export type RevocationType =
  'SESSION_REVOKED' | 'AUTH_KEY_UNREGISTERED' | 'USER_DEACTIVATED' | 'USER_DEACTIVATED_BAN' | 'AUTH_KEY_DUPLICATED'

export type Operation = keyof Control

/** Also the list of what the HTTP port lets through. */
export const OPERATIONS: readonly Operation[] = [
  'createAccount',
  'account',
  'createUser',
  'createGroup',
  'createSupergroup',
  'createForum',
  'createChannel',
  'addParticipants',
  'setAdmin',
  'setChatRules',
  'setPhoto',
  'setBotReplies',
  'setDialog',
  'createFolder',
  'postMessage',
  'editMessage',
  'setReactions',
  'setCounts',
  'deleteMessages',
  'pinMessages',
  'votePoll',
  'createTopic',
  'renameTopic',
  'migrateGroup',
  'pushEnvelope',
  'burst',
  'startDay',
  'lastCode',
  'expireCode',
  'setCodeOptions',
  'acceptLoginToken',
  'floodWait',
  'failMethod',
  'delayMethod',
  'revoke',
  'forgetKey',
  'changeSalts',
  'dropConnections',
  'setMuted',
  'losePushes',
  'repeatPushes',
  'reversePushes',
  'setPushed',
  'setMember',
  'setClockOffset',
  'setGzipOver',
  'setDifferenceLimits',
  'setChannelTimeout',
  'setMinPeers',
  'setOmittedPeers',
  'setNewsOfChannels',
  'withholdAbove',
  'freeze',
  'deleteUser',
  'setRandomTrouble',
  'restart',
  'stopListening',
  'startListening',
  'clearTrouble',
  'calls',
  'callOrder',
  'clearCalls',
  'state',
  'truth',
  'writeSessionFile',
]
