import { createLogger } from '@tgsentinel/kernel/log'
import { Follow, readChatName, type FollowOptions } from './follow'
import { failure, MessageFlag, type Intake, type Message } from './model'
import { TelegramError } from './telegram/telegram-error'

const CHANNEL = -1_000_000_000_000
const never = new AbortController().signal

describe('the name of a chat', () => {
  it.each([
    ['@durov', '@durov'],
    [' durov ', '@durov'],
    ['https://t.me/durov', '@durov'],
    ['t.me/durov/123', '@durov'],
    ['https://t.me/s/durov?before=5', '@durov'],
    ['http://telegram.me/durov', '@durov'],
    ['https://t.me/c/1234567890/55', '-1001234567890'],
    ['-1001234567890', '-1001234567890'],
    ['-42', '-42'],
  ])('%s is read as %s', (text, name) => {
    expect(readChatName(text)).toBe(name)
  })

  it.each([
    ['https://t.me/+AbCd', /invitation/],
    ['t.me/joinchat/AbCd', /invitation/],
    ['two words', /^Name the chat/],
    ['5', /^Name the chat/],
    ['@x', /^Name the chat/],
    ['https://example.org/durov', /^Name the chat/],
    ['', /^Name the chat/],
  ])('%s is refused', (text, sentence) => {
    expect(() => readChatName(text)).toThrow(sentence)
  })
})

/** A Telegram of channels that are named by their numbers, each of `total` messages, one of which is read when it is let through. */
class Stand {
  readonly joined: number[] = []
  readonly watched: number[] = []
  readonly pages: number[] = []
  readonly intakes: Intake[] = []
  total = 0
  joinError: unknown
  pageError: unknown
  self: { id: number; username: null } | null = { id: 7, username: null }
  private gate: Promise<void> = Promise.resolve()
  openGate: () => void = () => undefined

  readonly follow = new Follow({
    reader: {
      self: this.self,
      resolve: async () => ({ chatId: CHANNEL - 99, users: [], chats: [] }),
      history: (chatId: number, { before = this.total + 1, limit }: { before?: number; limit: number }) =>
        this.page(chatId, before, limit),
    },
    sender: {
      join: async (chatId: number) => {
        const error = this.joinError
        this.joinError = undefined
        if (error) throw error
        this.joined.push(chatId)
      },
    },
    chats: {
      resolve: async (name: string) => CHANNEL - Number(name.replace('@name_', '')),
      list: () => ({ chats: [{ id: String(CHANNEL - 1) }], next_cursor: null }),
      refreshSoon: () => undefined,
    },
    watch: { add: (chatId: number) => this.watched.push(chatId) },
    ingestion: {
      accept: (_account: number, intake: Intake) => this.intakes.push(intake),
      drain: () => undefined,
    },
    storedMessages: () => this.intakes.reduce((sum, { messages }) => sum + messages.length, 0),
    log: createLogger('test', 'silent'),
  } as unknown as FollowOptions)

  hold(): void {
    this.gate = new Promise((resolve) => (this.openGate = resolve))
  }

  private async page(chatId: number, before: number, limit: number) {
    this.pages.push(chatId)
    await this.gate
    const error = this.pageError
    this.pageError = undefined
    if (error) throw error
    const ids = Array.from({ length: Math.min(limit, before - 1) }, (_, index) => before - 1 - index)
    const last = ids.at(-1) ?? 1
    return { messages: ids.map(message), peers: { users: [], chats: [] }, nextBefore: last > 1 ? last : null }
  }
}

function message(messageId: number): Message {
  const facts = { topicId: null, senderId: null, replyToId: null, media: null, groupedId: null }
  return { chatId: CHANNEL - 5, messageId, date: 1, text: '', flags: MessageFlag.post, ...facts }
}

describe('following', () => {
  let stand: Stand
  const add = (n: number) => stand.follow.add(`@name_${n}`, never)

  beforeEach(() => (stand = new Stand()))
  afterEach(() => stand.follow.close())

  it('joins, watches, and reads 500 messages in pages, oldest first within each, marked as backfilled', async () => {
    stand.total = 730
    const { chatId, isJoined, reading } = await add(5)
    expect([chatId, isJoined, await reading]).toEqual([CHANNEL - 5, true, { read: 500, added: 500, problem: null }])
    expect([stand.joined, stand.watched]).toEqual([[CHANNEL - 5], [CHANNEL - 5]])
    expect(stand.intakes.map(({ messages }) => [messages[0]?.messageId, messages.at(-1)?.messageId])).toEqual([
      [631, 730],
      [531, 630],
      [431, 530],
      [331, 430],
      [231, 330],
    ])
    const flags = stand.intakes.flatMap(({ messages }) => messages.map(({ flags }) => flags))
    expect(new Set(flags)).toEqual(new Set([MessageFlag.post | MessageFlag.backfilled]))
    expect(stand.intakes.every(({ cursors }) => cursors.length === 0)).toBe(true)
  })

  it('joins no chat that the account is in, and takes a second joining for none', async () => {
    expect((await add(1)).isJoined).toBe(false)
    stand.joinError = failure('TELEGRAM_REFUSED', 'x', new TelegramError('USER_ALREADY_PARTICIPANT', 400))
    expect((await add(2)).isJoined).toBe(false)
    expect(stand.joined).toEqual([])
  })

  it('asks Telegram anew for a name whose access hash this session does not have', async () => {
    stand.joinError = failure('NOT_FOUND', 'x', new TelegramError('PEER_UNKNOWN', 0))
    expect((await add(3)).chatId).toBe(CHANNEL - 99)
  })

  it('reads one chat after another, at most fifty waiting, and watches those beyond nevertheless', async () => {
    stand.hold()
    const first = await add(10)
    const waiting = await Promise.all(Array.from({ length: 50 }, (_, n) => add(20 + n)))
    const beyond = await add(90)
    expect([stand.pages, stand.follow.progress.waiting]).toEqual([[CHANNEL - 10], 50])
    expect([beyond.reading, stand.watched.at(-1)]).toEqual([null, CHANNEL - 90])
    stand.openGate()
    await Promise.all([first, ...waiting].map(({ reading }) => reading))
    expect(stand.pages).toEqual([10, ...waiting.map((_, n) => 20 + n)].map((n) => CHANNEL - n))
  })

  it('waits floods and failures of the network out, and names what ends it', async () => {
    stand.total = 5
    stand.pageError = failure('FLOOD_WAIT', 'wait', undefined, 1)
    expect(await (await add(5)).reading).toMatchObject({ read: 5, problem: null })
    stand.pageError = failure('TELEGRAM_UNREACHABLE', 'gone')
    expect(await (await add(6)).reading).toMatchObject({ read: 5, problem: null })
    stand.pageError = failure('CHAT_CLOSED', 'This chat is closed to you.')
    expect(await (await add(7)).reading).toEqual({ read: 0, added: 0, problem: 'This chat is closed to you.' })
    stand.pageError = new Error('a bug')
    expect(await (await add(8)).reading).toMatchObject({ problem: expect.stringMatching(/log/) })
  })

  it('ends when it is closed, with what waits', async () => {
    stand.total = 5
    stand.pageError = failure('FLOOD_WAIT', 'wait', undefined, 3600)
    const [first, second] = [await add(5), await add(6)]
    stand.follow.close()
    expect([await first.reading, await second.reading]).toMatchObject([
      { problem: 'The sentinel is stopping.' },
      { problem: 'The sentinel is stopping.' },
    ])
  })
})
