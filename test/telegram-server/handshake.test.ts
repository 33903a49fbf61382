import { createPublicKey, generateKeyPairSync, randomBytes } from 'node:crypto'
import { Api } from 'telegram'
import { startTelegramServer, type TelegramServer } from './server'
import { newGramJsClient } from './support/gramjs'
import { makeKeyTheOldWay, plainClient } from './support/plain-client'
import { RawClient } from './support/raw-client'
import { until } from './support/waiting'
import { serviceCodec } from './tl/layers'

const UNKNOWN_KEY = -404

describe('the making of an authorization key', () => {
  let server: TelegramServer

  beforeEach(async () => {
    server = await startTelegramServer({ dcs: [2, 4] })
  })

  afterEach(() => server.close())

  it('gives GramJS a key, with which only what needs no account is answered', async () => {
    const { client } = await newGramJsClient(server)
    await client.connect()
    const config = await client.invoke(new Api.help.GetConfig())
    expect(config.dcOptions.map(({ id, port }) => [id, port])).toEqual([
      [2, server.ports[2]],
      [4, server.ports[4]],
    ])
    await expect(client.invoke(new Api.updates.GetState())).rejects.toMatchObject({
      code: 401,
      errorMessage: 'AUTH_KEY_UNREGISTERED',
    })
    expect((await server.control.state()).sessions).toMatchObject([{ account: 0, dc: 2 }])
    await client.destroy()
  })

  it('takes the older way of sealing the nonce, and a key belongs to its data centre alone', async () => {
    const { ask, close } = await plainClient(server.ports[4]!)
    const key = await makeKeyTheOldWay(ask, server.publicKeyPem, 4)
    close()
    const ping = serviceCodec.encode({ _: 'ping', ping_id: 1n })
    const here = await RawClient.connect(server.ports[4]!, key)
    here.send(ping)
    await here.take(0xedab447b)
    here.close()
    const elsewhere = await RawClient.connect(server.ports[2]!, key)
    elsewhere.send(ping)
    await until('-404', () => elsewhere.transportErrors.includes(UNKNOWN_KEY))
    elsewhere.close()
  })

  it('refuses a foreign RSA key, another data centre, and steps out of order', async () => {
    const { ask, close } = await plainClient(server.port)
    const foreign = generateKeyPairSync('rsa', { modulusLength: 2048 }).publicKey
    const pem = foreign.export({ type: 'pkcs1', format: 'pem' }).toString()
    await expect(makeKeyTheOldWay(ask, pem, 2)).rejects.toThrow(`${UNKNOWN_KEY}`)
    await expect(makeKeyTheOldWay(ask, server.publicKeyPem, 4)).rejects.toThrow(`${UNKNOWN_KEY}`)
    const early = { nonce: randomBytes(16), server_nonce: randomBytes(16), encrypted_data: randomBytes(64) }
    expect(await ask({ _: 'set_client_DH_params', ...early })).toBe(UNKNOWN_KEY)
    close()
  })

  it('shows its public key in both forms, and takes one that was given', async () => {
    const { publicKey } = await server.control.state()
    expect(publicKey.pkcs1).toContain('BEGIN RSA PUBLIC KEY')
    const modulus = (pem: string) => createPublicKey(pem).export({ format: 'jwk' }).n
    expect(modulus(publicKey.spki)).toBe(modulus(publicKey.pkcs1))
    const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
    const pem = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString()
    const other = await startTelegramServer({ privateKeyPem: pem })
    expect(modulus(other.publicKeyPem)).toBe(privateKey.export({ format: 'jwk' }).n)
    await other.close()
  })
})
