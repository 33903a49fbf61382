import type { TelegramClient } from './gramjs'
import { KeepAlive } from './keep-alive'

function watched(answer: () => Promise<unknown> | undefined) {
  const sent: unknown[] = []
  const sender = {
    isConnected: () => true,
    send: (request: unknown) => {
      sent.push(request)
      return answer()
    },
  }
  const client = { _sender: sender } as unknown as TelegramClient
  return { client, sent }
}

beforeEach(() => void jest.useFakeTimers())
afterEach(() => void jest.useRealTimers())

describe('keeping a connection alive', () => {
  it('pings for as long as pings are answered', async () => {
    const silences: unknown[] = []
    const { client, sent } = watched(() => Promise.resolve({}))
    const keepAlive = new KeepAlive(client, () => silences.push(1))
    await jest.advanceTimersByTimeAsync(10 * 60_000)
    expect(sent).toHaveLength(66)
    expect(silences).toEqual([])
    keepAlive.close()
  })

  it('tells of silence within forty seconds', async () => {
    const silences: unknown[] = []
    const { client } = watched(() => new Promise(() => undefined))
    const keepAlive = new KeepAlive(client, () => silences.push(1))
    await jest.advanceTimersByTimeAsync(29_000)
    expect(silences).toEqual([])
    await jest.advanceTimersByTimeAsync(11_000)
    expect(silences).not.toEqual([])
    keepAlive.close()
  })

  it('pings no more once it is closed', async () => {
    const { client, sent } = watched(() => Promise.resolve({}))
    new KeepAlive(client, () => undefined).close()
    await jest.advanceTimersByTimeAsync(60_000)
    expect(sent).toEqual([])
  })

  it('keeps GramJS from pinging by itself', () => {
    const { client } = watched(() => undefined)
    new KeepAlive(client, () => undefined).close()
    expect(client).toHaveProperty('_loopStarted', true)
  })
})
