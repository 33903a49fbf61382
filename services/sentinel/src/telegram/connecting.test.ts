import { retryAfter } from './connecting'
import { TelegramError } from './telegram-error'

describe('how long to wait before the next try', () => {
  const least = (type: string, code = 0) => retryAfter(new TelegramError(type, code), 30, 0)
  const most = (type: string, code = 0) => retryAfter(new TelegramError(type, code), 30, 1)

  it.each(['NETWORK', 'TIMEOUT'])(
    'is some seconds however often the network failed (%s), and never the same',
    (type) => {
      expect(retryAfter(new TelegramError(type, 0), 0, 1)).toBe(1000)
      expect([least(type), most(type)]).toEqual([4000, 8000])
    },
  )

  it('grows to minutes where Telegram or the disk refuses', () => {
    expect([most('STORAGE'), most('SOMETHING_INVALID', 400)]).toEqual([300_000, 300_000])
  })

  it('is what Telegram asks for', () => {
    expect(retryAfter(new TelegramError('FLOOD_WAIT', 420, 77), 30, 0)).toBe(77_000)
  })
})
