import type { RandomTroubleOptions } from './rpc/random-trouble'
import { startTelegramServer, type TelegramServer } from './server'
import { GramJsStage } from './support/gramjs-stage'
import { RawClient } from './support/raw-client'
import { until } from './support/waiting'
import type { TlObject } from './tl/codec'
import { serviceCodec } from './tl/layers'

const BAD_SERVER_SALT = 0xedab447b
const NEW_SESSION_CREATED = 0x9ec20908
const RPC_RESULT = 0xf35c6d01

describe('trouble by chance', () => {
  it('befalls pushes, and nothing is missing in the difference', async () => {
    const stage = await GramJsStage.open()
    await stage.control.setRandomTrouble({ seed: 7, lose: 0.2, repeat: 0.2, reorder: 0.2, delayMs: 20 })
    for (let index = 1; index <= 100; index++)
      await stage.control.postMessage({ chat: stage.friend, text: String(index), push: 'updates' })
    await stage.control.clearTrouble()
    await stage.control.postMessage({ chat: stage.friend, text: 'end' })
    const texts = () => stage.updates().map(({ message }) => (message as { message: string }).message)
    await until('the end', () => texts().includes('end'))
    const numbers = texts().slice(0, -1).map(Number)
    expect(new Set(numbers).size).toBeLessThan(95)
    expect(new Set(numbers).size).toBeGreaterThan(65)
    expect(numbers.length).toBeGreaterThan(new Set(numbers).size)
    expect(numbers).not.toEqual(numbers.toSorted((a, b) => a - b))
    expect((await stage.difference(1)).newMessages).toHaveLength(101)
    await stage.close()
  })
})

describe('the end of connections', () => {
  let server: TelegramServer
  let authKey: Buffer
  const clients: RawClient[] = []

  beforeEach(async () => {
    server = await startTelegramServer()
    const account = await server.control.createAccount({ firstName: 'Alex' })
    authKey = Buffer.from(account.authKey, 'hex')
  })

  afterEach(async () => {
    clients.splice(0).forEach((client) => client.close())
    await server.close()
  })

  const api = (query: TlObject) =>
    server.layers.get(server.layers.newest).encode({ _: 'invokeWithLayer', layer: server.layers.newest, query })

  async function connect(): Promise<RawClient> {
    const client = await RawClient.connect(server.port, authKey)
    clients.push(client)
    client.send(serviceCodec.encode({ _: 'ping', ping_id: 1n }))
    client.salt = serviceCodec.decode((await client.take(BAD_SERVER_SALT)).body)['new_server_salt'] as bigint
    return client
  }

  /** Asks until the connection is gone; gives how many bytes came, as the client counts them. */
  async function askUntilCut(client: RawClient): Promise<number> {
    await until('the end of the connection', () => {
      if (!client.isClosed) client.send(api({ _: 'help.getConfig' }))
      return client.isClosed
    })
    return client.bytesReceived
  }

  it('comes in the middle of a packet, after as many bytes as chance has it', async () => {
    const range: [number, number] = [3000, 6000]
    const measure = async (options: RandomTroubleOptions) => {
      await server.control.setRandomTrouble(options)
      const sizes: number[] = []
      for (let count = 0; count < 4; count++) {
        const client = await connect()
        sizes.push(await askUntilCut(client))
        expect(client.hasPartOfPacket).toBe(true)
      }
      return sizes
    }
    const sizes = await measure({ seed: 3, dropConnectionBytes: range })
    for (const size of sizes) {
      expect(size).toBeGreaterThanOrEqual(range[0])
      expect(size).toBeLessThanOrEqual(range[1])
    }
    expect(new Set(sizes).size).toBeGreaterThan(1)
    const spared = await measure({ seed: 3, dropConnectionBytes: [1, 2] })
    expect(spared.every((size) => size === 1024)).toBe(true)
    await server.control.clearTrouble()
    const client = await connect()
    client.send(api({ _: 'updates.getState' }))
    await client.take(RPC_RESULT)
  })

  it('comes with a restart, after which the port is the same and nothing is known of the session', async () => {
    const { chat } = await server.control.createSupergroup({ title: 'Team' })
    await server.control.postMessage({ chat, text: 'kept' })
    const before = await connect()
    before.send(api({ _: 'updates.getState' }))
    await before.take(NEW_SESSION_CREATED)
    await before.take(RPC_RESULT)
    const { port } = server
    await server.control.restart()
    await until('the end of the connection', () => before.isClosed)
    expect((await server.control.state()).sessions).toEqual([])
    expect(server.port).toBe(port)
    const after = await connect()
    expect(after.salt).not.toBe(before.salt)
    after.send(api({ _: 'updates.getState' }))
    await after.take(NEW_SESSION_CREATED)
    await after.take(RPC_RESULT)
    expect((await server.control.state()).channels).toMatchObject([{ title: 'Team', messages: 1 }])
  })

  it('comes with a restart to GramJS, too, which goes on', async () => {
    const stage = await GramJsStage.open()
    await stage.control.restart()
    await until('an answer', () => stage.difference(1).catch(() => undefined))
    await stage.control.postMessage({ chat: stage.friend, text: 'after' })
    expect(await stage.pushed('UpdateNewMessage')).toMatchObject({ message: { message: 'after' } })
    await stage.close()
  })
})
