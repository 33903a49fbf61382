import type {
  Account,
  BasicGroup,
  Channel,
  ChannelKind,
  Chat,
  Delivery,
  MessageOptions,
  Photo,
  StoredMessage,
  User,
} from './model'
import { composeMessage } from './composing'
import { bareId, isChannel, markedChannel } from './peers'
import { makePhoto } from './photos'
import { Random } from './random'
import { UpdateBox } from './update-box'

export interface NewUser {
  id?: number
  firstName: string
  lastName?: string
  username?: string
  usernames?: string[]
  isBot?: boolean
  about?: string
}

export interface NewAccount extends NewUser {
  phone?: string
  /** The second factor; none if left out. */
  password?: string
  hint?: string
  /** The first data centre of the server if left out. */
  homeDc?: number
}

export interface NewChat {
  title: string
  username?: string
  usernames?: string[]
  /** Accounts in it; all that exist by then if left out. */
  members?: number[]
  /** Users and accounts; only they write in a broadcast channel and see who is in it. */
  admins?: number[]
  about?: string
  topics?: string[]
}

const FIRST_USER_ID = 700_000_001
const FIRST_GROUP_ID = 400_001
const FIRST_CHANNEL_ID = 1_500_000_001

/** Accounts, users, chats and messages as plain data; it knows nothing of sockets. The same seed and calls give the same world. */
export class World {
  readonly users = new Map<number, User>()
  readonly accounts = new Map<number, Account>()
  readonly groups = new Map<number, BasicGroup>()
  readonly channels = new Map<number, Channel>()
  private readonly random: Random
  private photosMade = 0
  private nextMediaId = 5_000_000_001

  constructor(
    seed: number,
    /** Unix seconds. */
    readonly now: () => number,
    private readonly homeDc = 2,
  ) {
    this.random = new Random(seed)
  }

  createUser({ id = this.freeUserId(), isBot = false, ...rest }: NewUser): User {
    if (this.users.has(id)) throw new Error(`User ${id} exists`)
    const user: User = { id, isBot, accessHash: this.random.long(), ...rest }
    this.users.set(id, user)
    return user
  }

  createAccount({ phone, password, hint, homeDc = this.homeDc, ...rest }: NewAccount): Account {
    const user = this.createUser(rest)
    user.phone = phone ?? `9996${String(user.id).slice(-6)}`
    const account: Account = {
      user,
      authKey: this.random.bytes(256),
      homeDc,
      ...(password === undefined ? {} : { password }),
      ...(hint === undefined ? {} : { passwordHint: hint }),
      box: new UpdateBox(),
      qts: 0,
      seq: 1,
      lastMessageId: 0,
      messages: new Map(),
      histories: new Map(),
      deleted: [],
      dialogSettings: new Map(),
      folders: [],
    }
    this.accounts.set(user.id, account)
    return account
  }

  createGroup(options: NewChat): number {
    const id = FIRST_GROUP_ID + this.groups.size
    this.groups.set(id, { kind: 'group', id, ...this.assemble(options) })
    return -id
  }

  createChannel(kind: ChannelKind, options: NewChat): number {
    const { username, usernames, topics = [] } = options
    const id = FIRST_CHANNEL_ID + this.channels.size
    this.channels.set(id, {
      kind,
      id,
      accessHash: this.random.long(),
      ...this.assemble(options),
      ...(username === undefined ? {} : { username }),
      ...(usernames && { usernames }),
      topics: topics.map((topic, index) => ({ id: index + 2, title: topic })),
      box: new UpdateBox(),
      lastMessageId: topics.length + 1,
      messages: new Map(),
      history: [],
      deleted: [],
    })
    return markedChannel(id)
  }

  /** Gives a user or a chat a picture, whose bytes lie in one data centre. */
  setPhoto(marked: number, dc = this.homeDc): Photo {
    const owner = marked > 0 ? this.users.get(marked) : this.chatOf(marked)
    if (!owner) throw new Error(`No user ${marked}`)
    owner.photo = makePhoto(this.photosMade++, this.now(), dc)
    return owner.photo
  }

  /** Stores a message and says who gets to know of it, with the counters of each one's box. */
  post(options: MessageOptions): Delivery[] {
    if (isChannel(options.chat)) return this.postToChannel(this.channelOf(options.chat), options)
    return this.recipientsOf(options).map((account) => this.postToAccount(account, options))
  }

  chatOf(marked: number): Chat {
    if (isChannel(marked)) return this.channelOf(marked)
    const group = this.groups.get(-marked)
    if (!group) throw new Error(`No chat ${marked}`)
    return group
  }

  channelOf(marked: number): Channel {
    const channel = this.channels.get(bareId(marked))
    if (!channel) throw new Error(`No channel ${marked}`)
    return channel
  }

  accountOf(id?: number): Account {
    const account = id === undefined ? this.accounts.values().next().value : this.accounts.get(id)
    if (!account) throw new Error(`No account ${id ?? ''}`)
    return account
  }

  private postToChannel(channel: Channel, options: MessageOptions): Delivery[] {
    const message = this.compose(options, ++channel.lastMessageId, channel)
    channel.messages.set(message.id, message)
    channel.history.push(message)
    const { pts, ptsCount } = channel.box.append({ message })
    return [...channel.members].map((id) => ({ account: this.accountOf(id), message, pts, ptsCount }))
  }

  private postToAccount(account: Account, options: MessageOptions): Delivery {
    const from = options.from ?? (options.chat > 0 ? options.chat : undefined)
    const message = this.compose({ ...options, ...(from ? { from } : {}) }, ++account.lastMessageId, account)
    account.messages.set(message.id, message)
    const history = account.histories.get(message.chat) ?? []
    account.histories.set(message.chat, history)
    history.push(message)
    const { pts, ptsCount } = account.box.append({ message })
    return { account, message, pts, ptsCount }
  }

  private compose(options: MessageOptions, id: number, box: { messages: Map<number, StoredMessage> }): StoredMessage {
    const replied = options.replyTo === undefined ? undefined : box.messages.get(options.replyTo)
    const isPost = isChannel(options.chat) && this.channelOf(options.chat).kind === 'channel'
    const mediaId = options.media ? this.nextMediaId++ : 0
    const accounts = [...this.accounts.values()]
    return composeMessage(options, { id, date: options.date ?? this.now(), mediaId, isPost, replied, accounts })
  }

  private recipientsOf({ chat, account }: MessageOptions): Account[] {
    if (chat < 0) return [...this.livingGroup(chat).members].map((id) => this.accountOf(id))
    if (!this.users.has(chat)) throw new Error(`No user ${chat}`)
    return [this.accountOf(account)]
  }

  private livingGroup(marked: number): Chat {
    const group = this.chatOf(marked)
    if ('migratedTo' in group) throw new Error(`Chat ${marked} has become a supergroup`)
    return group
  }

  private freeUserId(): number {
    let id = FIRST_USER_ID + this.users.size
    while (this.users.has(id)) id += 1
    return id
  }

  private assemble({ title, members, admins = [], about }: NewChat) {
    return {
      title,
      date: this.now(),
      members: new Set(members ?? this.accounts.keys()),
      others: new Set(admins.filter((id) => !this.accounts.has(id))),
      admins: new Set(admins),
      ...(about === undefined ? {} : { about }),
      slowmodeSeconds: 0,
      isWritable: true,
    }
  }
}
