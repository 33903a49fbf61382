import Database from '@tgsentinel/sqlite-driver'
import type { SessionFileOptions } from './control/control'
import type { Account } from './world/model'
import { markedChannel } from './world/peers'
import type { World } from './world/world'

export interface SessionFile {
  port: number
  authKey: Buffer
  dc?: number
  address?: string
  /** Ids are marked; the account's own row has id 0 and its user id as the hash. */
  entities?: { id: number; hash: bigint; username?: string; phone?: number; name?: string; date?: number }[]
  /** Id 0 is the account, any other an unmarked channel id. */
  updateStates?: { id: number; pts: number; qts: number; date: number; seq: number }[]
}

const SCHEMA_VERSION = 7
const DDL = [
  'CREATE TABLE version (version integer primary key)',
  'CREATE TABLE sessions (dc_id integer primary key, server_address text, port integer, auth_key blob, takeout_id integer)',
  'CREATE TABLE entities (id integer primary key, hash integer not null, username text, phone integer, name text, date integer)',
  'CREATE TABLE sent_files (md5_digest blob, file_size integer, type integer, id integer, hash integer, primary key(md5_digest, file_size, type))',
  'CREATE TABLE update_state (id integer primary key, pts integer, qts integer, date integer, seq integer)',
]

/** Writes a session file as Telethon 1.17 to 1.42 would; the file must not exist. */
export function writeSessionFile(path: string, file: SessionFile): void {
  const { port, authKey, dc = 2, address = '127.0.0.1', entities = [], updateStates = [] } = file
  const database = new Database(path)
  try {
    for (const statement of DDL) database.exec(statement)
    database.prepare('INSERT INTO version VALUES (?)').run(SCHEMA_VERSION)
    database.prepare('INSERT INTO sessions VALUES (?, ?, ?, ?, NULL)').run(dc, address, port, authKey)
    const entity = database.prepare('INSERT INTO entities VALUES (?, ?, ?, ?, ?, ?)')
    for (const { id, hash, username, phone, name, date } of entities) {
      entity.run(id, hash, username ?? null, phone ?? null, name ?? null, date ?? null)
    }
    const state = database.prepare('INSERT INTO update_state VALUES (?, ?, ?, ?, ?)')
    for (const { id, pts, qts, date, seq } of updateStates) state.run(id, pts, qts, date, seq)
  } finally {
    database.close()
  }
}

/** What Telethon would have in the file of this account after a while of use. */
export function sessionFileOf(
  world: World,
  portOf: (dc: number) => number,
  options: Omit<SessionFileOptions, 'path'>,
): SessionFile {
  const account = world.accountOf(options.account)
  return {
    port: portOf(account.homeDc),
    dc: account.homeDc,
    authKey: account.authKey,
    ...(options.withEntities ? { entities: entitiesOf(world, account) } : {}),
    ...(options.withUpdateState ? { updateStates: updateStatesOf(world, account) } : {}),
  }
}

function entitiesOf(world: World, { user: self }: Account): NonNullable<SessionFile['entities']> {
  const date = world.now()
  return [
    { id: 0, hash: BigInt(self.id) },
    ...[...world.users.values()].map(({ id, accessHash: hash, firstName: name, username }) => ({
      id,
      hash,
      name,
      date,
      ...(username === undefined ? {} : { username }),
    })),
    ...[...world.groups.values()].map(({ id, title: name }) => ({ id: -id, hash: 0n, name, date })),
    ...[...world.channels.values()].map(({ id, accessHash: hash, title: name }) => ({
      id: markedChannel(id),
      hash,
      name,
      date,
    })),
  ]
}

function updateStatesOf(world: World, { box, qts, seq }: Account): NonNullable<SessionFile['updateStates']> {
  const date = world.now()
  const channels = [...world.channels.values()].map((channel) => ({
    id: channel.id,
    pts: channel.box.pts,
    qts: 0,
    date,
    seq: 0,
  }))
  return [{ id: 0, pts: box.pts, qts, date, seq }, ...channels]
}
