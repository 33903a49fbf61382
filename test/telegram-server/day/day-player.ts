import type { Pusher } from '../pusher'
import type { Account, MessageOptions, StoredMessage } from '../world/model'
import { isChannel } from '../world/peers'
import type { World } from '../world/world'
import { CHATS, OWNER, PEOPLE, type CastChat } from './cast'
import { dayOfTraffic, eveningStream, type ScriptedPost } from './day-of-traffic'

const DAY_STEP_MS = 50
const POSTS_PER_STEP = 12
const DEFAULT_INTERVAL_MS = 4000
const ALBUM_BASE = 13_000_000_000_000

/** Plays the scripted day into the world within a couple of seconds, then goes on with one message at a time for ever. */
export class DayPlayer {
  private readonly script: ScriptedPost[]
  private readonly next: () => ScriptedPost
  private readonly people = new Map<string, number>()
  private readonly chats = new Map<string, number>()
  private readonly introduced = new Set<string>()
  private timer: NodeJS.Timeout | undefined
  private posted = 0
  private isPrepared = false
  private isStarted = false
  private isStopped = false

  constructor(
    private readonly world: World,
    private readonly pusher: Pusher,
    seed: number,
    private readonly onNewAccount: (account: Account) => void,
    private intervalMs = DEFAULT_INTERVAL_MS,
  ) {
    this.script = dayOfTraffic(seed)
    this.next = eveningStream(seed + 1)
  }

  /** Puts the cast into the world; the account is new unless there is one. */
  prepare(): void {
    if (this.isPrepared) return
    this.isPrepared = true
    if (this.world.accounts.size === 0) this.onNewAccount(this.world.createAccount(withoutKey(OWNER)))
    this.people.set(OWNER.key, this.world.accountOf().user.id)
    for (const person of PEOPLE) this.people.set(person.key, this.world.createUser(withoutKey(person)).id)
    for (const chat of CHATS) this.chats.set(chat.key, this.createChat(chat))
  }

  /** Called after each API call; the first one sets the day off. */
  sessionArrived(): void {
    if (this.isPrepared && !this.isStarted) this.start()
  }

  start(intervalMs = this.intervalMs): void {
    if (this.isStarted || this.isStopped) return
    this.prepare()
    this.intervalMs = intervalMs
    this.isStarted = true
    this.scheduleNext()
  }

  stop(): void {
    this.isStopped = true
    clearTimeout(this.timer)
  }

  progress(): { isStarted: boolean; posted: number; scripted: number } {
    return { isStarted: this.isStarted, posted: this.posted, scripted: this.script.length }
  }

  private scheduleNext(): void {
    const isDay = this.posted < this.script.length
    this.timer = setTimeout(() => this.step(isDay ? POSTS_PER_STEP : 1), isDay ? DAY_STEP_MS : this.intervalMs)
  }

  private step(count: number): void {
    for (let left = count; left > 0; left--) this.play(this.script[this.posted] ?? this.next())
    if (!this.isStopped) this.scheduleNext()
  }

  private play(post: ScriptedPost): void {
    this.posted += 1
    // Telegram spares itself the names only of those that the client was told of before.
    const named = [post.chat, post.from ?? post.chat]
    const isKnown = named.every((key) => this.introduced.has(key))
    for (const key of named) this.introduced.add(key)
    this.pusher.push(this.world.post(this.messageOf(post)), isKnown && this.posted % 3 === 0 ? 'short' : 'updates')
  }

  private messageOf(post: ScriptedPost): MessageOptions {
    const chat = keyed(this.chats, post.chat)
    const options: MessageOptions = { chat, text: post.text, markup: true }
    if (post.from) options.from = keyed(this.people, post.from)
    if (post.topic !== undefined) options.topic = this.world.channelOf(chat).topics[post.topic]?.id ?? 1
    if (post.media) options.media = post.media
    if (post.album !== undefined) options.groupedId = ALBUM_BASE + post.album
    if (post.postAuthor) options.postAuthor = post.postAuthor
    if (post.forwardFrom) options.forward = { from: keyed(this.chats, post.forwardFrom), channelPost: 1 }
    return { ...options, ...this.reference(post, chat) }
  }

  private reference(post: ScriptedPost, chat: number): Partial<MessageOptions> {
    const history = this.historyOf(chat)
    const speaker = post.replyToLastOf && this.people.get(post.replyToLastOf)
    const replied = speaker ? history.findLast(({ from }) => from === speaker) : undefined
    const pinned = post.pinsLast ? history.at(-1) : undefined
    return { ...(replied ? { replyTo: replied.id } : {}), ...(pinned ? { pins: pinned.id } : {}) }
  }

  private historyOf(chat: number): StoredMessage[] {
    if (isChannel(chat)) return this.world.channelOf(chat).history
    return this.world.accountOf().histories.get(chat) ?? []
  }

  private createChat({ kind, key, ...rest }: CastChat): number {
    if (kind === 'private') return keyed(this.people, key)
    const options = {
      title: rest.title,
      ...(rest.username ? { username: rest.username } : {}),
      topics: rest.topics ?? [],
    }
    return kind === 'group' ? this.world.createGroup(options) : this.world.createChannel(kind, options)
  }
}

function withoutKey<T extends { key: string }>({ key: _key, ...rest }: T): Omit<T, 'key'> {
  return rest
}

function keyed(ids: Map<string, number>, key: string): number {
  const id = ids.get(key)
  if (id === undefined) throw new Error(`${key} is not in the cast`)
  return id
}
