import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { authKeyId } from '@tgsentinel/session-codec/session-codec'
import { createHash } from 'node:crypto'
import { Api, AuthKey, helpers, TelegramClient } from './gramjs'
import { SessionFile } from './session-file'
import { createGramSession, type GramSession } from './session-gramjs'

const keyBytes = Buffer.alloc(256, 3)
const big = helpers.returnBigInt

let folder: string
let file: SessionFile
let session: GramSession
let envelopes: unknown[]

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'gram-'))
  file = SessionFile.create(join(folder, 'a.session'))
  file.saveRow({ dcId: 2, address: '149.154.167.51', port: 443, authKey: keyBytes })
  envelopes = []
  session = createGramSession(file, { onEnvelope: (envelope) => envelopes.push(envelope) })
})

afterEach(() => {
  file.close()
  rmSync(folder, { recursive: true })
})

function gramKey(bytes: Buffer): AuthKey {
  return new AuthKey(bytes, createHash('sha1').update(bytes).digest())
}

test('the stored server and key are there before load()', () => {
  expect([session.dcId, session.serverAddress, session.port]).toEqual([2, '149.154.167.51', 443])
  expect(session.authKey?.getKey()).toEqual(keyBytes)
  expect(String(session.authKey?.keyId)).toBe(String(BigInt.asIntN(64, authKeyId(keyBytes).u64)))
})

test('GramJS takes it as a session', () => {
  const client = new TelegramClient(session, 1, 'hash', {})
  expect(client.session).toBe(session)
})

test('setDC, save and an emptied key leave the stored key alone', async () => {
  session.setDC(4, '149.154.167.91', 443)
  session.save()
  session.setAuthKey(undefined)
  session.authKey = undefined
  session.setAuthKey(new AuthKey())
  session.delete()
  session.close()
  await session.load()
  expect(file.row()).toEqual({ dcId: 2, address: '149.154.167.51', port: 443, authKey: keyBytes })
  expect(session.authKey).toBeUndefined()
})

test('emptying the key object that GramJS got changes nothing here', async () => {
  await session.getAuthKey()?.setKey(undefined)
  expect(session.getAuthKey()?.getKey()).toEqual(keyBytes)
})

test('a key made during sign-in is stored with its data centre', () => {
  session.setDC(4, '149.154.167.91', 443)
  session.setAuthKey(gramKey(Buffer.alloc(256, 5)), 4)
  expect(file.row()).toEqual({ dcId: 4, address: '149.154.167.91', port: 443, authKey: Buffer.alloc(256, 5) })
})

test('the key of a known account is never replaced', () => {
  file.setSelfUserId(42n)
  session.setDC(4, '149.154.167.91', 443)
  session.setAuthKey(gramKey(Buffer.alloc(256, 5)))
  expect(file.row()?.authKey).toEqual(keyBytes)
  expect(session.getAuthKey()?.getKey()).toEqual(Buffer.alloc(256, 5))
})

test('keys of other data centres live in memory only', () => {
  session.setAuthKey(gramKey(Buffer.alloc(256, 6)), 5)
  expect(session.getAuthKey(5)?.getKey()).toEqual(Buffer.alloc(256, 6))
  expect(session.getAuthKey(1)).toBeUndefined()
  session.setAuthKey(undefined, 5)
  expect(session.getAuthKey(5)).toBeUndefined()
  expect(file.row()?.authKey).toEqual(keyBytes)
})

const user = new Api.User({
  id: big(7),
  accessHash: big('-9223372036854775808'),
  firstName: 'Ada',
  lastName: 'L',
  username: 'AdaL',
})
const chat = new Api.Chat({
  id: big(8),
  title: 'Group',
  photo: new Api.ChatPhotoEmpty(),
  participantsCount: 2,
  date: 0,
  version: 1,
})
const channel = new Api.Channel({
  id: big(1234),
  accessHash: big(99),
  title: 'News',
  photo: new Api.ChatPhotoEmpty(),
  date: 0,
})

test('an envelope is passed on and its peers become addressable by marked id, plain id, peer and name', () => {
  const updates = new Api.Updates({ updates: [], users: [user], chats: [chat, channel], date: 0, seq: 0 })
  session.processEntities(updates)
  expect(envelopes).toEqual([updates])
  const asUser = { className: 'InputPeerUser', userId: big(7), accessHash: big('-9223372036854775808') }
  for (const key of [7, 7n, big(7), '7', '@adal', 'https://t.me/AdaL', new Api.PeerUser({ userId: big(7) }), user]) {
    expect(session.getInputEntity(key)).toMatchObject(asUser)
  }
  expect(session.getInputEntity(new Api.PeerChat({ chatId: big(8) }))).toMatchObject({
    className: 'InputPeerChat',
    chatId: big(8),
  })
  for (const key of [-1_000_000_001_234, 1234, new Api.PeerChannel({ channelId: big(1234) })]) {
    expect(session.getInputEntity(key)).toMatchObject({
      className: 'InputPeerChannel',
      channelId: big(1234),
      accessHash: big(99),
    })
  }
  expect(file.entityName(-1_000_000_001_234)).toBe('News')
})

test('an input peer is its own answer and an unknown one throws', () => {
  const peer = new Api.InputPeerSelf()
  expect(session.getInputEntity(peer)).toBe(peer)
  for (const key of [1, '@nobody', new Api.PeerUser({ userId: big(1) }), {}, null, undefined]) {
    expect(() => session.getInputEntity(key)).toThrow()
  }
})

test('hashes of min users and channels are never stored', () => {
  session.processEntities([
    new Api.User({ id: big(7), accessHash: big(1), min: true }),
    new Api.Channel({ id: big(7), accessHash: big(1), min: true, title: '', photo: new Api.ChatPhotoEmpty(), date: 0 }),
    new Api.User({ id: big(9) }),
  ])
  expect([file.inputEntity(7), file.inputEntity(-1_000_000_000_007), file.inputEntity(9)]).toEqual([null, null, null])
})

test('anything is tolerated, a throwing listener too', () => {
  const errors: unknown[] = []
  const failing = createGramSession(file, {
    onEnvelope: () => {
      throw new Error('listener')
    },
    onError: (error) => errors.push(error),
  })
  const odd = [
    undefined,
    null,
    5,
    'text',
    true,
    [],
    [null, 1],
    {},
    { users: 5, chats: [null, { className: 'User', id: {} }] },
  ]
  for (const envelope of odd) expect(() => failing.processEntities(envelope)).not.toThrow()
  expect(errors).toHaveLength(odd.length)
})
