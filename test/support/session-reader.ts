import Database from '@tgsentinel/sqlite-driver'

export interface ReadSession {
  columns: Record<string, string[]>
  server: { dc_id: bigint; server_address: string; port: bigint; auth_key: Buffer; takeout_id: bigint | null }[]
  version: bigint[]
  entities: { id: bigint; hash: bigint; username: string | null; name: string | null }[]
  updateStates: { id: bigint; pts: bigint; qts: bigint; date: bigint; seq: bigint }[]
}

/** Reads a session file as a program that knows nothing of ours but Telethon's format: columns by name. */
export function readSessionFile(path: string): ReadSession {
  const database = new Database(path, { readonly: true })
  database.defaultSafeIntegers(true)
  const all = <T>(sql: string) => database.prepare(sql).all() as T[]
  try {
    const tables = all<{ name: string }>("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name")
    const columnsOf = (table: string) => all<{ name: string }>(`PRAGMA table_info(${table})`).map(({ name }) => name)
    return {
      columns: Object.fromEntries(tables.map(({ name }) => [name, columnsOf(name)])),
      version: all<{ version: bigint }>('SELECT version FROM version').map(({ version }) => version),
      server: all('SELECT dc_id, server_address, port, auth_key, takeout_id FROM sessions'),
      entities: all('SELECT id, hash, username, name FROM entities ORDER BY id'),
      updateStates: all('SELECT id, pts, qts, date, seq FROM update_state ORDER BY id'),
    }
  } finally {
    database.close()
  }
}
