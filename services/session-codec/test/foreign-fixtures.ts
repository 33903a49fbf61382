import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import Database from '@tgsentinel/sqlite-driver'

const FIXTURES = join(__dirname, '../../../test/fixtures/sessions-foreign')

export interface ForeignFixture {
  readonly file: string
  readonly format: 'telethon' | 'gramjs' | 'pyrogram' | 'mtcute' | 'pyrogram-file'
  readonly expect: {
    readonly refused?: string
    readonly dc_id: number
    readonly address: string
    readonly port: number
    readonly auth_key_id_hex: string
    readonly user_id: number | null
    readonly test_dc: boolean
    readonly schema_version: number
    /** id, hash (both decimal), username, phone, name, date. */
    readonly entities: readonly (readonly (string | number | null)[])[]
  }
}

const manifest = JSON.parse(readFileSync(join(FIXTURES, 'MANIFEST.json'), 'utf8')) as { files: ForeignFixture[] }

export const foreignStrings = manifest.files.filter(({ format }) => format !== 'pyrogram-file')
export const foreignFiles = manifest.files.filter(({ format }) => format === 'pyrogram-file')

export function foreignText(name: string): string {
  return readFileSync(join(FIXTURES, `${name}.txt`), 'utf8')
}

export function foreignBytes(name: string): Buffer {
  return readFileSync(join(FIXTURES, `${name}.session`))
}

/** A Pyrogram file with further statements run on it; `writable_schema` is on. */
export function tamperedPyrogram(sql: string, name = 'pyrogram-v3'): Buffer {
  const db = new Database(foreignBytes(name))
  try {
    db.unsafeMode()
    db.exec(`PRAGMA writable_schema = ON; PRAGMA foreign_keys = OFF; ${sql}`)
    return db.serialize()
  } finally {
    db.close()
  }
}
