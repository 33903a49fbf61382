import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import Database from '@tgsentinel/sqlite-driver'
import { checkPyrogramFile, checkSessionFile } from './session-codec'

const folder = mkdtempSync(join(tmpdir(), 'foreign-'))
afterAll(() => rmSync(folder, { recursive: true }))

/** As the tools themselves write them (see foreign-schema). */
const SCHEMAS: Record<string, string> = {
  telethon2: `
    create table version (version integer primary key);
    create table datacenter(id integer primary key, addr text not null, auth blob);
    create table user(id integer primary key, dc integer not null, bot integer not null);
    create table state(pts integer not null, qts integer not null, date integer not null, seq integer not null);
    create table channelstate(id integer primary key, pts integer not null);
    insert into version values (10);`,
  mtcute: `
    create table if not exists mtcute_migrations (repo text not null primary key, version integer not null);
    create table key_value (key text primary key, value blob not null);
    create table if not exists auth_keys (dc integer primary key, key blob not null);
    create table peers (id integer primary key, hash text not null, usernames json not null, updated integer not null);
    insert into mtcute_migrations values ('auth_keys', 1);`,
  grammers: `
    CREATE TABLE dc_home (dc_id INTEGER NOT NULL, PRIMARY KEY(dc_id));
    CREATE TABLE dc_option (
      dc_id INTEGER NOT NULL, ipv4 TEXT NOT NULL, ipv6 TEXT NOT NULL, auth_key BLOB, PRIMARY KEY (dc_id));
    CREATE TABLE peer_info (peer_id INTEGER NOT NULL, hash INTEGER, subtype INTEGER, PRIMARY KEY (peer_id));
    CREATE TABLE update_state (pts INTEGER NOT NULL, qts INTEGER NOT NULL, date INTEGER NOT NULL, seq INTEGER NOT NULL);
    CREATE TABLE channel_state (peer_id INTEGER NOT NULL, pts INTEGER NOT NULL, PRIMARY KEY (peer_id));
    PRAGMA user_version = 1;`,
}

function fileOf(name: string): Buffer {
  const path = join(folder, `${name}.session`)
  const database = new Database(path)
  database.exec(SCHEMAS[name] ?? '')
  database.close()
  return readFileSync(path)
}

test.each([
  ['telethon2', /a session of Telethon 2: .*sign in here with a QR code/],
  ['mtcute', /a session of mtcute: export a string with "await client\.exportSession\(\)" and paste that/],
  ['grammers', /a session of grammers: .*sign in here with a QR code/],
])('a file of %s is refused by its name, with a next step', (name, words) => {
  const bytes = fileOf(name)
  for (const check of [checkSessionFile, checkPyrogramFile])
    expect(() => check(bytes)).toThrow(
      expect.objectContaining({ reason: 'other-tool', message: expect.stringMatching(words) as string }),
    )
})
