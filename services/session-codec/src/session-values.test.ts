import { dataCentreAddress, isAllowedDataCentre, isTelegramAddress, isTestDataCentre } from './data-centre'
import { InvalidSessionFile } from './invalid-session-file'
import { checkSessionValues, pickSessionRow, type SessionRow } from './session-values'

const key = Buffer.alloc(256, 7)
const good: SessionRow = {
  schemaVersion: 7n,
  isWal: false,
  dcId: 2n,
  serverAddress: '149.154.167.51',
  port: 443n,
  authKey: key,
}

function judge(row: Partial<SessionRow>, dataCentres: string[] = []) {
  return checkSessionValues({ ...good, ...row }, { dataCentres })
}

test.each([
  ['version', { schemaVersion: 0n }],
  ['version', { schemaVersion: 'seven' }],
  ['auth-key', { authKey: null }],
  ['auth-key', { authKey: 'x'.repeat(256) }],
  ['auth-key', { authKey: Buffer.alloc(257, 1) }],
  ['data-centre', { dcId: 203n }],
  ['data-centre', { dcId: 2.5 }],
  ['port', { port: null }],
  ['port', { port: '443' }],
  ['port', { port: 8443n }],
  ['address', { serverAddress: '::ffff:149.154.167.51' }],
  ['address', { serverAddress: '::ffff:959a:a733' }],
  ['address', { serverAddress: '2001:67c:4e8:f002::a%eth0' }],
  ['address', { serverAddress: '149.154.167.051' }],
  ['address', { serverAddress: ' 149.154.167.51' }],
  ['address', { serverAddress: '149.154.176.1' }],
  ['address', { serverAddress: 'vesta.web.telegram.org' }],
  ['address', { serverAddress: Buffer.from('149.154.167.51') }],
] as [string, Partial<SessionRow>][])('refuses a bad %s: %j', (reason, row) => {
  expect(() => judge(row)).toThrow(expect.objectContaining({ reason }))
})

test('a file without a row has no key', () => {
  expect(() => checkSessionValues(null, { dataCentres: [] })).toThrow(/No authorization key found in session/)
})

test('a missing key in WAL mode says where it may be', () => {
  expect(() => judge({ authKey: null, isWal: true })).toThrow(/-wal.*PRAGMA wal_checkpoint\(TRUNCATE\)/)
})

test('IPv6 and no address become the IPv4 address of the same data centre', () => {
  expect(judge({ dcId: 4n, serverAddress: '2001:67c:4e8:f004::a' }).address).toBe('149.154.167.91')
  expect(judge({ dcId: 5n, serverAddress: null, port: null })).toMatchObject({ address: '91.108.56.130', port: 443 })
  expect(judge({ dcId: 2n, serverAddress: '2001:67c:4e8:f002::e' })).toMatchObject({
    address: '149.154.167.40',
    isTestDc: true,
  })
})

test('the allow list opens exactly one host and port, any port', () => {
  expect(judge({ serverAddress: '127.0.0.1', port: 9001n }, ['127.0.0.1:9001']).port).toBe(9001)
  expect(() => judge({ serverAddress: '127.0.0.1', port: 9002n }, ['127.0.0.1:9001'])).toThrow(InvalidSessionFile)
  expect(isAllowedDataCentre('tg.test', 9001, ['tg.test:9001'])).toBe(true)
  expect(isAllowedDataCentre('tg.test', 443, ['tg.test:9001'])).toBe(false)
})

test('the connect-time rule is the import rule', () => {
  expect(isAllowedDataCentre('149.154.167.51', 443, [])).toBe(true)
  expect(isAllowedDataCentre('149.154.167.51', 22, [])).toBe(false)
  expect(isAllowedDataCentre('10.0.0.1', 443, [])).toBe(false)
})

test('knows production and test data centres', () => {
  expect([1, 2, 3, 4, 5].map((id) => isTelegramAddress(dataCentreAddress(id, false) ?? ''))).not.toContain(false)
  expect(dataCentreAddress(4, true)).toBeUndefined()
  expect(isTestDataCentre('149.154.167.40')).toBe(true)
  expect(isTestDataCentre('149.154.167.51')).toBe(false)
})

test('of several rows the first with a key is taken', () => {
  expect(pickSessionRow([{ authKey: Buffer.alloc(0) }, good])).toBe(good)
  expect(pickSessionRow([])).toBeNull()
})
