/** Schema version 7 of Telethon, which every Telethon from 1.17 on opens; `takeout_id` stays NULL. */
export const SESSION_SCHEMA_VERSION = 7

/** Our DDL, the one that we write; the texts are compared to know a file of our own (`isOurs`). */
export const SESSION_TABLES: Readonly<Record<string, string>> = {
  version: 'CREATE TABLE version (version integer primary key)',
  sessions:
    'CREATE TABLE sessions (dc_id integer primary key, server_address text, port integer, auth_key blob, ' +
    'takeout_id integer)',
  entities:
    'CREATE TABLE entities (id integer primary key, hash integer not null, username text, phone integer, name text, ' +
    'date integer)',
  sent_files:
    'CREATE TABLE sent_files (md5_digest blob, file_size integer, type integer, id integer, hash integer, ' +
    'primary key(md5_digest, file_size, type))',
  update_state:
    'CREATE TABLE update_state (id integer primary key, pts integer, qts integer, date integer, seq integer)',
}

/** The DDL for the main database of a connection, or for one that is attached under a name. */
export function sessionDdl(schemaName = 'main'): string {
  const statements = Object.values(SESSION_TABLES).map((sql) =>
    sql.replace('CREATE TABLE ', `CREATE TABLE ${schemaName}.`),
  )
  return [...statements, `INSERT INTO ${schemaName}.version VALUES (${SESSION_SCHEMA_VERSION})`].join(';\n')
}

/** A known user, group or channel. `id` is marked: user id, -group id, -(10^12 + channel id). */
export interface EntityRow {
  readonly id: bigint
  /** The access hash, signed 64 bit; 0 for groups, which have none. */
  readonly hash: bigint
  /** Lower case, without @. */
  readonly username: string | null
  readonly phone: bigint | null
  readonly name: string | null
}

/** Where the update stream stands; id 0 is the account, other ids are unmarked channel ids. */
export interface UpdateStateRow {
  readonly id: bigint
  readonly pts: number
  readonly qts: number
  /** Unix seconds. */
  readonly date: number
  readonly seq: number
}

export interface SessionServerRow {
  readonly dcId: number
  readonly address: string
  readonly port: number
  /** 256 bytes; null when nobody is signed in. */
  readonly authKey: Buffer | null
}
