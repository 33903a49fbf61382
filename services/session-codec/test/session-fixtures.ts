import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import Database from '@tgsentinel/sqlite-driver'

const FIXTURES = join(__dirname, '../../../test/fixtures/sessions')

export interface Fixture {
  readonly file: string
  readonly title: string
  readonly encoding: 'identity' | 'gzip'
  readonly earliest_detection?: string
  readonly expect: {
    readonly verdict: 'accept' | 'reject'
    readonly schema_version: number
    readonly dc_id: number
    readonly server_address: string
    readonly port: number
    readonly auth_key_id_hex: string
    readonly auth_key_id_u64: string
    readonly entities: number
    readonly entities_to_carry?: number
    readonly update_states: number
    readonly self_user_id?: number
    readonly test_dc: boolean
    readonly message_may_match?: string
  }
}

const manifest = JSON.parse(readFileSync(join(FIXTURES, 'MANIFEST.json'), 'utf8')) as { files: Fixture[] }

export const accepted = manifest.files.filter(({ expect }) => expect.verdict === 'accept')
export const rejected = manifest.files.filter(({ expect }) => expect.verdict === 'reject')

export function fixtureBytes(name: string): Buffer {
  const fixture = manifest.files.find(({ file }) => file.startsWith(name))
  if (fixture === undefined) throw new Error(`no fixture ${name}`)
  const stored = readFileSync(join(FIXTURES, fixture.file))
  return fixture.encoding === 'gzip' ? gunzipSync(stored) : stored
}

/** A good session file with further statements run on it; `writable_schema` is on. */
export function tamperedSession(sql: string): Buffer {
  const db = new Database(fixtureBytes('a01'))
  try {
    db.unsafeMode()
    db.exec(`PRAGMA writable_schema = ON; ${sql}`)
    return db.serialize()
  } finally {
    db.close()
  }
}

/** A new session file for data centre 2; `pragmas` set the page size or the text encoding. */
export function freshSession(pragmas: string, sql = ''): Buffer {
  const db = new Database(':memory:')
  try {
    db.exec(`${pragmas};
      CREATE TABLE version (version integer primary key);
      CREATE TABLE sessions (dc_id integer primary key, server_address text, port integer, auth_key blob, takeout_id integer);
      CREATE TABLE entities (id integer primary key, hash integer not null, username text, phone integer, name text, date integer);
      CREATE TABLE sent_files (md5_digest blob, file_size integer, type integer, id integer, hash integer,
        primary key(md5_digest, file_size, type));
      CREATE TABLE update_state (id integer primary key, pts integer, qts integer, date integer, seq integer);
      INSERT INTO version VALUES (7);
      INSERT INTO sessions VALUES (2, '149.154.167.51', 443, randomblob(256), NULL);
      ${sql}`)
    return db.serialize()
  } finally {
    db.close()
  }
}

/** Files made to cost a reader seconds or gigabytes. */
export const hostileFiles: Record<string, () => Buffer> = {
  '165,000 views': () =>
    tamperedSession(
      `WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 165000)
      INSERT INTO sqlite_master SELECT 'view', 'v' || i, 'v' || i, 0, 'CREATE VIEW v' || i || ' AS SELECT 1' FROM n`,
    ),
  'a CHECK text of 8.8 MB': () =>
    tamperedSession(
      `UPDATE sqlite_master SET sql = replace(sql, 'takeout_id integer', 'takeout_id integer check (0' ||
      replace(hex(zeroblob(2200000)), '0000', '+1+1+1+1') || ')') WHERE name = 'sessions'`,
    ),
  'a CHECK that computes for minutes': () =>
    tamperedSession(
      `UPDATE sqlite_master SET sql = replace(sql, 'takeout_id integer', 'takeout_id integer ' ||
      'check (length(hex(randomblob(900000000))) > 0)') WHERE name = 'sessions'`,
    ),
  'an endless view': () =>
    tamperedSession(
      `ALTER TABLE sessions RENAME TO s0; CREATE VIEW sessions AS
      WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT i AS dc_id FROM n`,
    ),
  'comments without an end': () =>
    tamperedSession(
      `UPDATE sqlite_master SET sql = replace(hex(zeroblob(10000)), '00', '/* ') WHERE name = 'sessions'`,
    ),
  'a b-tree that is its own child': () => selfChild(fixtureBytes('a01')),
  'overflow chains that are cycles': () =>
    selfPointing(freshSession('PRAGMA page_size = 512', `CREATE TABLE t (${manyColumns()})`), 512),
}

function selfChild(bytes: Buffer): Buffer {
  const copy = Buffer.from(bytes)
  copy.writeUInt8(5, 100)
  copy.writeUInt16BE(0, 103)
  copy.writeUInt32BE(1, 108)
  return copy
}

function selfPointing(bytes: Buffer, pageSize: number): Buffer {
  const copy = Buffer.from(bytes)
  for (let page = 2; page <= copy.length / pageSize; page++) copy.writeUInt32BE(page, (page - 1) * pageSize)
  return copy
}

function manyColumns(): string {
  return Array.from({ length: 90 }, (_, index) => `column_${index} integer`).join(', ')
}
