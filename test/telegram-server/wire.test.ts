import { gzipSync } from 'node:zlib'
import { startTelegramServer, type TelegramServer } from './server'
import { RawClient } from './support/raw-client'
import { until } from './support/waiting'
import { ByteWriter } from './tl/byte-writer'
import { serviceCodec } from './tl/layers'
import type { TlObject } from './tl/codec'

const BAD_SERVER_SALT = 0xedab447b
const NEW_SESSION_CREATED = 0x9ec20908
const PONG = 0x347773c5
const RPC_RESULT = 0xf35c6d01
const UPDATES = 0x74ae4240

describe('the wire', () => {
  let server: TelegramServer
  let authKey: Buffer
  const clients: RawClient[] = []

  beforeAll(async () => {
    server = await startTelegramServer()
    const account = await server.control.createAccount({ firstName: 'Alex' })
    authKey = Buffer.from(account.authKey, 'hex')
  })

  afterEach(() => clients.splice(0).forEach((client) => client.close()))
  afterAll(() => server.close())

  async function connect(transport?: string, obfuscated?: boolean, key = authKey): Promise<RawClient> {
    const client = await RawClient.connect(server.port, key, transport, obfuscated)
    clients.push(client)
    return client
  }

  async function greeted(transport?: string, obfuscated?: boolean): Promise<RawClient> {
    const client = await connect(transport, obfuscated)
    client.send(ping(1n))
    const { body } = await client.take(BAD_SERVER_SALT)
    client.salt = serviceCodec.decode(body)['new_server_salt'] as bigint
    return client
  }

  const ping = (id: bigint) => serviceCodec.encode({ _: 'ping', ping_id: id })
  const api = (query: TlObject) =>
    server.layers.get(server.layers.newest).encode({ _: 'invokeWithLayer', layer: server.layers.newest, query })

  it.each([
    ['abridged', false],
    ['intermediate', false],
    ['padded', false],
    ['full', false],
    ['abridged', true],
    ['intermediate', true],
    ['padded', true],
  ])('speaks the %s transport, obfuscated: %s', async (transport, obfuscated) => {
    const client = await greeted(transport, obfuscated)
    const id = client.send(ping(7n))
    const pong = serviceCodec.decode((await client.take(PONG)).body)
    expect(pong).toMatchObject({ msg_id: id, ping_id: 7n })
  })

  it('answers a wrong salt with the right one, and the first message of a session with new_session_created', async () => {
    const client = await greeted()
    const id = client.send(ping(2n))
    const created = await client.take(NEW_SESSION_CREATED)
    expect(serviceCodec.decode(created.body)).toMatchObject({ first_msg_id: id, server_salt: client.salt })
    expect(created.id % 4n).toBe(3n)
    expect((await client.take(PONG)).id % 4n).toBe(1n)
  })

  it('does not know a foreign key', async () => {
    const client = await connect('intermediate', false, Buffer.alloc(256, 7))
    client.send(ping(1n))
    await until('-404', () => client.transportErrors.includes(-404))
  })

  it('opens containers and gzip, and numbers what it answers upwards', async () => {
    const client = await greeted()
    const writer = new ByteWriter()
    const query = api({ _: 'help.getNearestDc' })
    const packed = new ByteWriter()
    packed.int(0x3072cfa1)
    packed.byteString(gzipSync(query))
    const parts = [query, packed.take()].map((body) => ({ id: client.nextId(), body }))
    writer.int(0x73f1f8dc)
    writer.int(parts.length)
    for (const { id, body } of parts) {
      writer.long(id)
      writer.int(1)
      writer.int(body.length)
      writer.raw(body)
    }
    client.send(writer.take(), { isContent: false })
    const results = [await client.take(RPC_RESULT), await client.take(RPC_RESULT)]
    expect(results.map(({ body }) => body.readBigInt64LE(4))).toEqual(parts.map(({ id }) => id))
    expect(results[1]!.id).toBeGreaterThan(results[0]!.id)
    expect(results[1]!.sequence).toBe(results[0]!.sequence + 2)
  })

  it('pushes to a session only after its first API call', async () => {
    const silent = await greeted()
    const caller = await greeted()
    silent.send(ping(1n))
    caller.send(api({ _: 'updates.getState' }))
    await caller.take(RPC_RESULT)
    const { id } = await server.control.createUser({ firstName: 'Mara' })
    await server.control.postMessage({ chat: id, text: 'hello' })
    await caller.take(UPDATES)
    silent.send(ping(2n))
    await silent.take(PONG)
    await silent.take(PONG)
    expect(silent.messages.some(({ body }) => body.readUInt32LE(0) === UPDATES)).toBe(false)
  })

  it('refuses message ids that no client may use', async () => {
    const client = await greeted()
    client.send(ping(1n), { id: client.nextId() + 1n })
    const { body } = await client.take(0xa7eff811)
    expect(serviceCodec.decode(body)).toMatchObject({ error_code: 18 })
  })

  it('gives future salts and the state of messages', async () => {
    const client = await greeted()
    client.send(serviceCodec.encode({ _: 'get_future_salts', num: 3 }))
    expect(serviceCodec.decode((await client.take(0xae500895)).body)).toMatchObject({ salts: [{ salt: client.salt }] })
    client.send(serviceCodec.encode({ _: 'msgs_state_req', msg_ids: [4n, 8n] }))
    expect(serviceCodec.decode((await client.take(0x04deb57d)).body)['info']).toHaveLength(2)
  })

  it('cuts the line when the client stops postponing it', async () => {
    const client = await greeted()
    client.send(serviceCodec.encode({ _: 'ping_delay_disconnect', ping_id: 1n, disconnect_delay: 0 }))
    await until('the end of the connection', () => client.isClosed)
  })
})
