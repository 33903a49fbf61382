import { fixtureBytes } from '../test/session-fixtures'
import { foreignBytes, foreignFiles, tamperedPyrogram } from '../test/foreign-fixtures'
import { authKeyId, checkPyrogramFile, checkPyrogramValues, checkSessionFile, readPyrogramRow } from './session-codec'
import type { ForeignValues } from './foreign-session'
import { InvalidSessionFile } from './invalid-session-file'

function judge(bytes: Buffer): ForeignValues {
  checkPyrogramFile(bytes)
  return checkPyrogramValues(readPyrogramRow(bytes), { dataCentres: [] })
}

test.each(foreignFiles.filter(({ expect: { refused } }) => refused === undefined))(
  '$file is read with the values of the manifest',
  ({ file, expect: wanted }) => {
    const { authKey, ...values } = judge(foreignBytes(file.replace('.session', '')))
    expect(authKeyId(authKey).hex).toBe(wanted.auth_key_id_hex)
    expect(values).toEqual({
      schemaVersion: wanted.schema_version,
      dcId: wanted.dc_id,
      address: wanted.address,
      port: 443,
      isTestDc: wanted.test_dc,
      userId: BigInt(wanted.user_id ?? 0),
    })
  },
)

test.each(foreignFiles)('$file is refused by name where nobody asked for a conversion', ({ file }) => {
  expect(() => checkSessionFile(foreignBytes(file.replace('.session', '')))).toThrow(
    expect.objectContaining({
      reason: 'pyrogram',
      message: expect.stringMatching(
        /^Missing required Telethon tables: .*this is a Pyrogram session; export one with Telethon instead, or import it with the format "pyrogram"/,
      ) as string,
    }),
  )
})

test('takes the hand-made file of the first set', () => {
  expect(judge(fixtureBytes('r26'))).toMatchObject({ dcId: 2, address: '149.154.167.51', userId: 777000123n })
})

test('refuses a Telethon file and what is neither', () => {
  expect(() => judge(fixtureBytes('a01'))).toThrow(/This is a Telethon session/)
  expect(() => judge(fixtureBytes('r27'))).toThrow(/Missing required Pyrogram tables: sessions, peers, version/)
  expect(() => judge(fixtureBytes('r28'))).toThrow(/zip archive/)
})

const OTHER_TRIGGER = `CREATE TRIGGER trg AFTER UPDATE ON peers BEGIN UPDATE sessions SET dc_id = 1; END`

test.each([
  ['another trigger', OTHER_TRIGGER, /trigger "trg"/],
  ['the known trigger with more in it', edit('trg_peers_last_update_on', 'WHERE id = NEW.id', ''), /trigger/],
  ['the known trigger on another table', edit('trg_peers_last_update_on', 'ON peers', 'ON sessions'), /trigger/],
  ['a comment in the known trigger', edit('trg_peers_last_update_on', 'BEGIN', 'BEGIN /**/'), /trigger/],
  ['a view', 'CREATE VIEW v AS SELECT 1', /view "v"/],
  ['a virtual table', 'CREATE VIRTUAL TABLE v USING fts5(a)', /virtual table/],
  ['a CHECK', 'CREATE TABLE t (a integer CHECK (a > 0))', /CHECK/],
  ['a generated column', 'CREATE TABLE t (a text, b text AS (upper(a)))', /generated column/],
  ['another DEFAULT expression', 'CREATE TABLE t (a text DEFAULT (hex(randomblob(9))))', /default expression/],
  ['the known DEFAULT with more in it', edit('peers', 'AS INTEGER))', 'AS INTEGER) + 1)'), /default expression/],
  ['the known DEFAULT with a name in quotes', edit('peers', 'STRFTIME(', '"STRFTIME"('), /default expression/],
  ['another foreign key', 'CREATE TABLE t (id integer, FOREIGN KEY (id) REFERENCES sessions(dc_id))', /foreign key/],
  [
    'a foreign key that acts',
    'CREATE TABLE t (id integer, FOREIGN KEY (id) REFERENCES peers(id) ON DELETE CASCADE)',
    /./,
  ],
  ['a partial index', 'CREATE INDEX i ON peers (id) WHERE id > 0', /index/],
  ['a table without rowids', 'CREATE TABLE usernames (id integer primary key, username text) WITHOUT ROWID', /option/],
  ['peers without access hashes', 'ALTER TABLE peers RENAME COLUMN access_hash TO other', /no column access_hash/],
])('refuses %s', (_, sql, message) => {
  expect(() => judge(tamperedPyrogram(sql))).toThrow(message)
})

test.each([
  ['auth-key', 'UPDATE sessions SET auth_key = NULL'],
  ['auth-key', 'UPDATE sessions SET auth_key = zeroblob(256)'],
  ['auth-key', 'DELETE FROM sessions'],
  ['data-centre', 'UPDATE sessions SET dc_id = 203'],
  ['data-centre', 'UPDATE sessions SET dc_id = 5, test_mode = 1'],
  ['version', 'DELETE FROM version'],
  ['corrupt', "UPDATE sessions SET user_id = 'me'"],
  ['corrupt', 'UPDATE sessions SET user_id = -5'],
  ['corrupt', 'UPDATE sessions SET test_mode = 2'],
  ['bot', 'UPDATE sessions SET is_bot = 1'],
])('refuses a bad %s: %s', (reason, sql) => {
  expect(() => judge(tamperedPyrogram(sql))).toThrow(expect.objectContaining({ reason }))
})

test('white space and the case of the DEFAULT expression may differ', () => {
  expect(judge(tamperedPyrogram(edit('peers', "STRFTIME('%s', ", "strftime( '%s',\n"))).dcId).toBe(2)
})

test.each(['pyrogram-v3', 'pyrofork-v4', 'kurigram-v7', 'pyrogram-v3-utf16'])(
  '3,000 mutations of %s are judged, by our own error alone',
  (name) => {
    const original = foreignBytes(name)
    let state = original.length
    const random = (bound: number) => (state = (state * 48_271) % 2_147_483_647) % bound
    for (let round = 0; round < 3000; round++) {
      const bytes = Buffer.from(original)
      for (let count = 1 + random(8); count > 0; count--) bytes[random(random(2) ? 3072 : bytes.length)] = random(256)
      expect(isJudgedCleanly(bytes)).toBe(true)
    }
  },
)

/** Another text in sqlite_master, as no SQLite would write it. */
function edit(name: string, from: string, to: string): string {
  const quoted = [from, to].map((text) => `'${text.replaceAll("'", "''")}'`)
  return `UPDATE sqlite_master SET sql = replace(sql, ${quoted.join(', ')}) WHERE name = '${name}'`
}

function isJudgedCleanly(bytes: Buffer): boolean {
  try {
    judge(bytes)
    return true
  } catch (error) {
    if (error instanceof InvalidSessionFile) return true
    throw error
  }
}
