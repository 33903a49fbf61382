import {
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openDatabase } from '@tgsentinel/database/database'
import { FileLock } from '@tgsentinel/database/file-lock'
import Database from '@tgsentinel/sqlite-driver'
import { create } from 'tar'
import { makeBackup } from './backup'
import { BackupError } from './manifest'
import { restoreBackup } from './restore'

const STEPS = [
  { name: 'messages', sql: 'CREATE TABLE messages (id INTEGER PRIMARY KEY, text TEXT NOT NULL)' },
  { name: 'settings', sql: 'CREATE TABLE settings (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID' },
]
const PASSPHRASE = 'a long enough passphrase'

describe('a backup', () => {
  let folder = ''
  let source = ''
  let target = ''
  let database: Database.Database

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'tgsentinel-backup-test-'))
    source = join(folder, 'here/sentinel.db')
    target = join(folder, 'there/sentinel.db')
    database = openDatabase(source, STEPS)
    database.exec("INSERT INTO settings VALUES ('events_epoch', '1'), ('time_zone', 'Europe/Riga')")
    post(8000)
  })

  afterEach(() => {
    database.close()
    rmSync(folder, { recursive: true })
  })

  function post(count: number): void {
    const insert = database.prepare('INSERT INTO messages (text) VALUES (?)')
    database.transaction(() => {
      for (let n = 0; n < count; n++) insert.run('x'.repeat(500))
    })()
  }

  const backUp = (more: Partial<Parameters<typeof makeBackup>[0]> = {}) =>
    makeBackup({
      ...{ to: join(folder, 'backups'), version: '1.0.0', databases: [{ name: 'sentinel.db', path: source }] },
      ...more,
    })

  const restore = (file: string, more: Partial<Parameters<typeof restoreBackup>[0]> = {}) =>
    restoreBackup({
      file,
      targets: { 'sentinel.db': target },
      migrations: { 'sentinel.db': STEPS, 'ui.db': [] },
      ...more,
    })

  function idsIn(path: string): number[] {
    const opened = new Database(path, { readonly: true })
    const ids = opened.prepare<[], number>('SELECT id FROM messages ORDER BY id').pluck().all()
    opened.close()
    return ids
  }

  const upTo = (count: number) => Array.from({ length: count }, (_, index) => index + 1)

  it('made while messages pour in holds all of its moment and nothing later, and is restored into an empty folder', async () => {
    let progress = 0
    const made = await backUp({
      onProgress: () => {
        progress += 1
        post(10)
      },
    })
    expect(progress).toBeGreaterThan(4)
    expect(made.manifest.databases[0]?.rows['messages']).toBe(8000)
    const { placed } = await restore(made.path)
    expect(placed).toEqual([{ path: target, keptAs: null }])
    expect(idsIn(target)).toEqual(upTo(8000))
    const restored = openDatabase(target, STEPS)
    expect(restored.prepare('SELECT name FROM settings').pluck().all()).toEqual(['time_zone'])
    restored.close()
    expect([statSync(made.path).mode & 0o777, statSync(target).mode & 0o777]).toEqual([0o600, 0o600])
    expect(readdirSync(join(folder, 'there')).filter((name) => !/^sentinel\.db(\.lock)?$/.test(name))).toEqual([])
  })

  it('keeps what it replaces', async () => {
    const { path } = await backUp()
    post(5)
    database.close()
    const { placed } = await restore(path, { targets: { 'sentinel.db': source }, now: new Date(0) })
    expect(placed[0]?.keptAs).toBe(`${source}.before-restore-1970-01-01T00-00-00Z`)
    expect([idsIn(source).length, idsIn(placed[0]?.keptAs ?? '').length]).toEqual([8000, 8005])
  })

  it('holds no session but where it is asked for, and then sealed by the passphrase', async () => {
    const session = join(folder, 'a.session')
    const file = new Database(session)
    file.exec("CREATE TABLE sessions (auth_key TEXT); INSERT INTO sessions VALUES ('THE-KEY-ITSELF')")
    file.close()
    const { path, manifest } = await backUp({ session: { path: session, passphrase: PASSPHRASE } })
    expect(manifest.session?.name).toBe('tgsentinel.session.sealed')
    expect((await backUp({ label: 'plain' })).manifest.session).toBeNull()
    expect(readFileSync(path).includes('THE-KEY-ITSELF')).toBe(false)
    const other = join(folder, 'there/b.session')
    const withSession = (passphrase: string) => restore(path, { session: { path: other, passphrase } })
    await expect(withSession('another passphrase')).rejects.toThrow(/does not open with this passphrase/)
    expect([existsSync(other), existsSync(target)]).toEqual([false, false])
    await withSession(PASSPHRASE)
    expect(readFileSync(other).includes('THE-KEY-ITSELF')).toBe(true)
    await expect(backUp({ session: { path: session, passphrase: 'short' } })).rejects.toThrow(/at least 12/)
  })

  it('is refused while a service runs on what it would replace', async () => {
    const { path } = await backUp()
    const lock = new FileLock(source)
    await expect(restore(path, { targets: { 'sentinel.db': source } })).rejects.toThrow(
      /in use by another process.*nothing was restored.*Stop TG Sentinel/,
    )
    lock.close()
    expect(readdirSync(join(folder, 'here')).filter((name) => name.includes('restor'))).toEqual([])
  })

  it.each<[string, (file: string) => void, RegExp]>([
    ['is cut off', (file) => writeFileSync(file, readFileSync(file).subarray(0, -2000)), /damaged/],
    ['is another file', (file) => writeFileSync(file, 'no archive at all'), /damaged, or it is none|no manifest/],
    ['has a changed byte', (file) => writeFileSync(file, flipped(readFileSync(file))), /damaged/],
  ])('that %s is refused, and nothing changes', async (_what, spoil, words) => {
    const { path } = await backUp()
    spoil(path)
    const refused = restore(path, { targets: { 'sentinel.db': target } })
    await expect(refused).rejects.toThrow(words)
    await expect(refused).rejects.toBeInstanceOf(BackupError)
    expect(existsSync(target)).toBe(false)
  })

  it.each<[string, typeof STEPS, RegExp]>([
    ['a newer version', STEPS.slice(0, 1), /newer version/],
    ['another build', [{ ...STEPS[0], sql: 'CREATE TABLE x (y)' }, STEPS[1]] as typeof STEPS, /another build/],
  ])('of %s is refused', async (_what, known, words) => {
    const { path } = await backUp()
    await expect(restore(path, { migrations: { 'sentinel.db': known, 'ui.db': [] } })).rejects.toThrow(words)
    expect(existsSync(target)).toBe(false)
  })

  it('whose manifest tells of other bytes is refused; what else is in the archive never leaves it', async () => {
    const { path } = await backUp()
    const forged = join(folder, 'forged')
    mkdirSync(forged)
    symlinkSync('/etc/passwd', join(forged, 'sentinel.db'))
    writeFileSync(join(forged, 'evil'), 'x')
    const { manifest } = await backUp({ label: 'again' })
    writeFileSync(join(forged, 'manifest.json'), JSON.stringify(manifest))
    const file = join(folder, 'forged.tar.gz')
    await create({ gzip: true, cwd: forged, file, preservePaths: true }, [
      'manifest.json',
      'sentinel.db',
      '../forged/evil',
    ])
    await expect(restore(file)).rejects.toThrow(/damaged/)
    expect(readdirSync(folder).sort()).toEqual(['backups', 'forged', 'forged.tar.gz', 'here', 'there'])
    expect(readdirSync(join(folder, 'there'))).toEqual([])
    copyFileSync(path, file)
    await restore(file)
  })

  it('is made of something, or says that there is nothing', async () => {
    await expect(
      makeBackup({ to: folder, version: '1', databases: [{ name: 'ui.db', path: join(folder, 'x') }] }),
    ).rejects.toThrow(/no database to back up/)
  })
})

function flipped(bytes: Buffer): Buffer {
  const at = Math.floor(bytes.length / 2)
  bytes[at] = (bytes[at] ?? 0) ^ 0xff
  return bytes
}
