import { Follow, readChatName, type FollowOptions } from './follow'
import { failure } from './model'
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

/** A Telegram of channels that are named by their numbers; `full`: too many histories wait to be read. */
class Stand {
  readonly joined: number[] = []
  readonly watched: number[] = []
  readonly asked: unknown[][] = []
  held = 0
  isFull = false
  joinError: unknown

  readonly follow = new Follow({
    reader: {
      self: { id: 7, username: null },
      resolve: async () => ({ chatId: CHANNEL - 99, users: [], chats: [] }),
    },
    sender: {
      join: async (chatId: number) => {
        expect(this.held).toBe(1)
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
    backfills: {
      progress: { chatId: null, read: 0, waiting: 0 },
      hold: () => {
        this.held += 1
        return () => (this.held -= 1)
      },
      ask: (...asked: unknown[]) => {
        this.asked.push(asked)
        return this.isFull ? null : { id: 5 }
      },
      ended: async () => ({ read: 500, added: 490, problem: null }),
    },
  } as unknown as FollowOptions)
}

describe('following', () => {
  let stand: Stand
  const add = (n: number) => stand.follow.add(`@name_${n}`, never)

  beforeEach(() => (stand = new Stand()))

  it('joins, watches, and has 500 messages read; nothing is read meanwhile', async () => {
    const { chatId, isJoined, reading } = await add(5)
    expect([chatId, isJoined]).toEqual([CHANNEL - 5, true])
    expect(await reading).toEqual({ read: 500, added: 490, problem: null })
    expect([stand.joined, stand.watched]).toEqual([[CHANNEL - 5], [CHANNEL - 5]])
    expect(stand.asked).toEqual([[CHANNEL - 5, 'joined', 500]])
    expect(stand.held).toBe(0)
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

  it('watches where too many histories wait, and lets go of the reading where it fails', async () => {
    stand.isFull = true
    expect((await add(6)).reading).toBeNull()
    expect(stand.watched).toEqual([CHANNEL - 6])
    stand.joinError = failure('CHAT_CLOSED', 'closed')
    await expect(add(7)).rejects.toMatchObject({ code: 'CHAT_CLOSED' })
    expect(stand.held).toBe(0)
  })
})
