import type { Telling } from '../telegram-server/control/change-operations'
import type { Control } from '../telegram-server/control/control'
import type { PushKind } from '../telegram-server/pusher'
import type { TlObject } from '../telegram-server/tl/codec'
import type { MessageOptions } from '../telegram-server/world/model'
import { isChannel } from '../telegram-server/world/peers'
import type { Random } from '../telegram-server/world/random'
import type { Cast, CastChat } from './cast'
import { isReadable, saying, type Chronicle, type Told } from './chronicle'
import { checklist, photo, PLAIN, poll, rich, unreadable, type Content } from './contents'
import { ANSWERS, sentence } from './sentences'

/** Put into some messages, and looked for by the one profile of every sentinel. */
export const KEYWORD = 'beacon'

const BUSY_CHATS = 12
const EMOTICONS = ['👍', '🔥', '❤']
const PUSHES: [PushKind, number][] = [
  ['updates', 66],
  ['short', 12],
  ['updateShort', 10],
  ['strange', 4],
  ['none', 3],
  ['channelTooLong', 3],
  ['tooLong', 2],
]

/** What happens in the chats of a cast, by chance: the same seed gives the same posts and changes. */
export class Deeds {
  private readonly table: [weight: number, deed: () => Promise<void>][]
  private readonly busy: CastChat[]
  private number = 0
  private group = 9_000_000

  constructor(
    private readonly control: Control,
    private readonly cast: Cast,
    private readonly chronicle: Chronicle,
    private readonly random: Random,
  ) {
    this.busy = Array.from({ length: BUSY_CHATS }, () => random.pick(cast.chats))
    this.table = [
      [62, () => this.say(this.somewhere())],
      [3, () => this.album()],
      [2, () => this.burst()],
      [2, () => this.ask()],
      [1, () => this.stranger()],
      [12, () => this.edit()],
      [4, () => this.remove()],
      [2, () => this.pin()],
      [5, () => this.react()],
      [2, () => this.count()],
      [1, () => this.vote()],
      [1, () => this.topic()],
      [1, () => this.strangePush()],
    ]
  }

  /** One deed, perhaps of several messages. */
  async next(): Promise<void> {
    await weighted(this.random, this.table)()
  }

  /** One message in every chat there is. */
  async inAllChats(isOld: boolean, telling: Telling = {}): Promise<void> {
    for (const place of this.cast.chats)
      for (const account of place.kind === 'private' ? place.members : [undefined])
        await this.post(place, { ...(account && { account }), ...telling }, PLAIN, isOld)
  }

  /** Basic groups become supergroups, and talk goes on there. */
  async migrate(): Promise<void> {
    const chat = this.cast.toMigrate.shift()
    const place = this.cast.chats.find((each) => each.chat === chat)
    if (!place) return
    const successor = await this.control.migrateGroup({ chat: place.chat, ...this.telling() })
    Object.assign(place, { chat: successor.chat, kind: 'supergroup' })
    for (let count = this.random.below(4); count > 0; count--) await this.say(place)
  }

  private somewhere(): CastChat {
    return this.random.below(2) === 0 ? this.random.pick(this.busy) : this.random.pick(this.cast.chats)
  }

  private async say(place: CastChat): Promise<void> {
    const text = this.words()
    await this.post(place, { text, ...this.telling(), ...this.answer(place) }, this.contentFor(text))
  }

  private async album(): Promise<void> {
    const place = this.somewhere()
    const groupedId = ++this.group
    const author = this.authorIn(place)
    for (let part = 2 + this.random.below(3); part > 0; part--)
      await this.post(place, { ...this.telling(), ...author, groupedId }, photo())
  }

  private async burst(): Promise<void> {
    const place = this.somewhere()
    for (let count = 10 + this.random.below(31); count > 0; count--) await this.post(place, this.telling())
  }

  private async ask(): Promise<void> {
    const question = sentence(this.random, ++this.number)
    await this.post(this.somewhere(), this.telling(), poll(question))
  }

  /** Somebody of whom no sentinel has ever heard. */
  private async stranger(): Promise<void> {
    const { id } = await this.control.createUser({ firstName: `Stranger ${++this.number}` })
    const account = this.random.pick(this.cast.accounts)
    const privately: CastChat = { chat: id, kind: 'private', members: [account] }
    const place = this.random.below(2) === 0 ? privately : this.somewhere()
    const from = place.kind === 'group' || place.kind === 'supergroup' ? { from: id } : {}
    await this.post(place, { ...this.telling(), ...from, ...(place === privately && { account }) })
  }

  private async edit(): Promise<void> {
    const told = this.chronicle.pick(this.random, ({ canBeEdited }) => canBeEdited)
    if (!told) return
    const times = this.random.below(3) === 0 ? 2 + this.random.below(2) : 1
    for (let time = 0; time < times; time++) {
      const text = this.textLike(told)
      const isToBeRead = this.random.below(isReadable(told) ? 12 : 3) > 0
      const { content } = told
      const fields = isToBeRead ? (content.fields ?? {}) : unreadable(content, this.random)
      told.said.push(saying(text, isToBeRead))
      this.chronicle.edits += 1
      await this.control.editMessage({ ...nameOf(told), text, fields, ...this.telling() })
    }
  }

  /** With the keyword where it had it, but for a few: what was scored before stays as it was. */
  private textLike({ said }: Told): string {
    const had = said.at(-1)?.text.includes(KEYWORD) === true
    const has = this.random.below(10) === 0 ? !had : had
    return `${sentence(this.random, ++this.number)}${has ? ` ${KEYWORD}` : ''}`
  }

  private async remove(): Promise<void> {
    const first = this.chronicle.pick(this.random)
    if (!first) return
    const isNear = (told: Told) => told.chat === first.chat && told.account === first.account
    const others = [this.chronicle.pick(this.random, isNear), this.chronicle.pick(this.random, isNear)]
    const gone = [...new Set([first, ...others.filter((told) => told !== undefined)])]
    for (const told of gone) told.isDeleted = true
    this.chronicle.deletions += gone.length
    const { messageId: _, ...place } = nameOf(first)
    await this.control.deleteMessages({ ...place, messageIds: gone.map(({ id }) => id), ...this.telling() })
  }

  private async pin(): Promise<void> {
    const told = this.chronicle.pick(this.random, ({ canBeEdited }) => canBeEdited)
    if (!told) return
    const { messageId, ...place } = nameOf(told)
    const pinned = this.random.below(3) > 0
    await this.control.pinMessages({ ...place, messageIds: [messageId], pinned, ...this.telling() })
  }

  private async react(): Promise<void> {
    const told = this.chronicle.pick(this.random, ({ canBeEdited }) => canBeEdited)
    if (!told) return
    const how = this.random.below(4) === 0 ? 'update' : 'edit'
    const reactions = [{ emoticon: this.random.pick(EMOTICONS), count: 1 + this.random.below(50) }]
    const counted = Object.fromEntries(reactions.map(({ emoticon, count }) => [emoticon, count]))
    told.reactions = how === 'update' || told.reactions === null || !isReadable(told) ? null : counted
    if (how === 'edit') told.said.push(saying(told.said.at(-1)?.text ?? '', isReadable(told)))
    await this.control.setReactions({ ...nameOf(told), reactions, how, ...this.telling() })
  }

  private async count(): Promise<void> {
    const told = this.chronicle.pick(this.random, ({ chat, canBeEdited }) => isChannel(chat) && canBeEdited)
    if (!told) return
    const counts = { views: this.random.below(1000), forwards: this.random.below(50) }
    await this.control.setCounts({ ...nameOf(told), ...counts, ...this.telling() })
  }

  private async vote(): Promise<void> {
    const told = this.chronicle.pick(this.random, ({ content }) => content.media?.kind === 'poll')
    if (!told) return
    const voters = ANSWERS.map(() => this.random.below(100))
    await this.control.votePoll({ ...nameOf(told), voters, ...this.telling() })
  }

  private async topic(): Promise<void> {
    const { chat } = this.random.pick(this.cast.chats.filter(({ kind }) => kind === 'forum'))
    const from = this.random.pick(this.cast.people)
    const title = `Topic ${++this.number}`
    const { topic } = await this.control.createTopic({ chat, title, from, ...this.telling() })
    if (this.random.below(2) === 0)
      await this.control.renameTopic({ chat, topic, title: `${title} again`, from, ...this.telling() })
  }

  /** A push of which nothing can be read, or an update in it that belongs nowhere. */
  private async strangePush(): Promise<void> {
    const account = this.random.pick(this.cast.accounts)
    const { media } = unreadable(PLAIN, this.random)
    const envelope = media as TlObject
    const around = {
      _: 'updates',
      updates: [envelope],
      users: [],
      chats: [],
      date: Math.floor(Date.now() / 1000),
      seq: 0,
    }
    await this.control.pushEnvelope({ account, envelope: this.random.below(2) === 0 ? around : envelope })
  }

  private words(): string {
    const keyword = this.random.below(7) === 0 ? ` ${KEYWORD}` : ''
    return `${sentence(this.random, ++this.number)}${keyword}`
  }

  private contentFor(text: string): Content {
    switch (this.random.below(24)) {
      case 0:
      case 1:
        return photo()
      case 2:
        return checklist(this.random, sentence(this.random, ++this.number))
      case 3:
        return rich(this.random, text, this.random.below(2) === 0)
      default:
        return PLAIN
    }
  }

  private async post(
    place: CastChat,
    options: Partial<MessageOptions> & Telling,
    content = PLAIN,
    isOld = false,
  ): Promise<void> {
    const text = options.text ?? this.words()
    const isToBeRead = isOld || this.random.below(12) > 0
    const { chat, kind, members } = place
    const account = kind === 'private' ? { account: options.account ?? this.random.pick(members) } : {}
    const author = this.authorIn(place, account.account)
    const shown = partsOf(content)
    const strange = isToBeRead ? {} : { fields: unreadable(content, this.random) }
    const posted = await this.control.postMessage({
      ...author,
      text,
      ...options,
      ...account,
      chat,
      ...shown,
      ...strange,
    })
    const album = options.groupedId ?? null
    const common = { chat, content, album, canBeEdited: true, isDeleted: false, isOld, reactions: undefined }
    const copies = isChannel(chat) ? posted.slice(0, 1) : posted
    for (const { account: whose, messageId: id } of copies)
      this.chronicle.add({
        ...common,
        said: [saying(content.rich ?? text, isToBeRead)],
        account: isChannel(chat) ? null : whose,
        id,
      })
  }

  private authorIn({ kind, members }: CastChat, account?: number): { from?: number } {
    const isOwn = this.random.below(8) === 0
    if (kind === 'channel') return {}
    if (kind === 'private') return isOwn && account !== undefined ? { from: account } : {}
    return { from: this.random.pick(isOwn ? members : this.cast.people) }
  }

  /** Ids of a group that several accounts are in differ, so that nobody is answered there. */
  private answer({ chat, kind, members }: CastChat): Partial<MessageOptions> {
    const topic = kind === 'forum' && this.random.below(3) > 0 ? { topic: 2 + this.random.below(2) } : {}
    if (this.random.below(5) > 0 || kind === 'private' || (kind === 'group' && members.length > 1)) return topic
    const told = this.chronicle.pick(this.random, (each) => each.chat === chat)
    return told ? { ...topic, replyTo: told.id } : topic
  }

  private telling(): Telling {
    const push = weighted(
      this.random,
      PUSHES.map(([kind, weight]) => [weight, kind]),
    )
    return { push, withSeq: this.random.below(20) === 0 }
  }
}

function partsOf({ media, fields, rich }: Content): Partial<MessageOptions> {
  return { ...(media && { media }), ...(fields && { fields }), ...(rich !== null && { text: '' }) }
}

function nameOf({ chat, account, id }: Told): { chat: number; account?: number; messageId: number } {
  return { chat, messageId: id, ...(account !== null && { account }) }
}

function weighted<T>(random: Random, table: readonly [weight: number, value: T][]): T {
  let left = random.below(table.reduce((sum, [weight]) => sum + weight, 0))
  for (const [weight, value] of table) {
    if (left < weight) return value
    left -= weight
  }
  throw new Error('An empty table')
}
