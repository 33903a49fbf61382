import { createLogger } from '@tgsentinel/kernel/log'
import { MINUTE } from '@tgsentinel/kernel/time'
import { failure, type ErrorCode, type MarkedId } from './model'
import { Strangers } from './strangers'

const BROKEN = -41
const GOOD = -42

/** Strangers over a Telegram of which some chats answer with an error. */
class Stand {
  readonly asked: { chatId: MarkedId; messageIds: number[] }[] = []
  readonly errors = new Map<MarkedId, ErrorCode>()
  readonly saved: MarkedId[] = []
  readonly strangers = new Strangers(
    {
      people: async (chatId, messageIds) => {
        this.asked.push({ chatId, messageIds })
        const code = this.errors.get(chatId)
        if (code) throw failure(code, 'No.')
        return { users: messageIds.map((id) => ({ id, name: `User ${id}`, username: null })), chats: [] }
      },
    },
    {
      transaction: (work) => work(),
      chats: { saveUser: ({ id }) => void this.saved.push(id), saveChat: () => undefined },
    },
    createLogger('test', 'silent'),
  )

  get chats(): MarkedId[] {
    return this.asked.map(({ chatId }) => chatId)
  }
}

describe('unknown senders', () => {
  let stand: Stand

  beforeEach(() => {
    jest.useFakeTimers()
    stand = new Stand()
  })

  afterEach(() => {
    stand.strangers.close()
    jest.useRealTimers()
  })

  it('are asked for once, a chat at a time', async () => {
    for (const id of [1, 2]) stand.strangers.notice(GOOD, id, id)
    await jest.advanceTimersByTimeAsync(MINUTE)
    stand.strangers.notice(GOOD, 1, 1)
    await jest.advanceTimersByTimeAsync(MINUTE)
    expect(stand.asked).toEqual([{ chatId: GOOD, messageIds: [1, 2] }])
    expect(stand.saved).toEqual([1, 2])
  })

  it('of a chat that fails let the others go first, and are given up in the end', async () => {
    stand.errors.set(BROKEN, 'TELEGRAM_REFUSED')
    stand.strangers.notice(BROKEN, 1, 1)
    stand.strangers.notice(GOOD, 2, 2)
    await jest.advanceTimersByTimeAsync(20 * MINUTE)
    expect(stand.chats).toEqual([BROKEN, GOOD, BROKEN, BROKEN])
    stand.strangers.notice(BROKEN, 3, 1)
    await jest.advanceTimersByTimeAsync(20 * MINUTE)
    expect(stand.asked).toHaveLength(4)
  })

  it('of a closed chat are not asked for again', async () => {
    stand.errors.set(BROKEN, 'CHAT_CLOSED')
    stand.strangers.notice(BROKEN, 1, 1)
    await jest.advanceTimersByTimeAsync(20 * MINUTE)
    expect(stand.chats).toEqual([BROKEN])
  })

  it('are waited for as long as Telegram cannot be reached', async () => {
    stand.errors.set(GOOD, 'TELEGRAM_UNREACHABLE')
    stand.strangers.notice(GOOD, 2, 2)
    await jest.advanceTimersByTimeAsync(20 * MINUTE)
    expect(stand.asked.length).toBeGreaterThan(10)
    stand.errors.clear()
    await jest.advanceTimersByTimeAsync(2 * MINUTE)
    expect(stand.saved).toEqual([2])
  })

  it('are remembered of so many chats and no more', async () => {
    for (let chat = 1; chat <= 1500; chat++) stand.strangers.notice(-chat, chat, chat)
    await jest.advanceTimersByTimeAsync(120 * MINUTE)
    expect(stand.saved).toHaveLength(1000)
  })
})
