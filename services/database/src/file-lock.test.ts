import { linkSync, mkdtempSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { FileLock, FileLocked } from './file-lock'

describe('the lock of a file', () => {
  let folder = ''
  let path = ''

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'tgsentinel-file-lock-'))
    path = join(folder, 'a.db')
    writeFileSync(path, 'x')
  })

  afterEach(() => rmSync(folder, { recursive: true }))

  it.each([
    ['a symbolic link', symlinkSync],
    ['a hard link', linkSync],
  ])('holds over %s to it', (_name, link) => {
    link(path, join(folder, 'other.db'))
    const lock = new FileLock(path)
    expect(() => new FileLock(join(folder, 'other.db'))).toThrow(FileLocked)
    expect(() => new FileLock(join(folder, 'other.db'))).toThrow(/other\.db is in use by another process/)
    lock.close()
    lock.close()
    new FileLock(join(folder, 'other.db')).close()
  })

  it('follows the file that takes its name, and lets go of the former one', () => {
    linkSync(path, join(folder, 'former.db'))
    const lock = new FileLock(path)
    writeFileSync(join(folder, 'new.db'), 'y')
    linkSync(join(folder, 'new.db'), join(folder, 'link-to-new.db'))
    renameSync(join(folder, 'new.db'), path)
    lock.follow()
    expect(() => new FileLock(join(folder, 'link-to-new.db'))).toThrow(FileLocked)
    new FileLock(join(folder, 'former.db')).close()
    lock.close()
  })

  it('is there before the file is', () => {
    const lock = new FileLock(join(folder, 'later.db'))
    expect(() => new FileLock(join(folder, 'later.db'))).toThrow(FileLocked)
    lock.close()
  })
})
