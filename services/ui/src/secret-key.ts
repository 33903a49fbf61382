import { randomBytes } from 'node:crypto'
import { readFileSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { makeFolder } from '@tgsentinel/database/file-access'

/**
 * The key that signs cookies, made once and kept in a file that only its owner reads.
 * @throws Error with a sentence for people when the file can neither be read nor written
 */
export function keptSecretKey(path: string): string {
  try {
    makeFolder(dirname(path))
    return createdKey(path) ?? readKey(path)
  } catch (cause) {
    throw new Error(`The secret key ${path} cannot be read or written. Check its folder, or set UI_SECRET_KEY.`, {
      cause,
    })
  }
}

function createdKey(path: string): string | undefined {
  const key = randomBytes(32).toString('base64url')
  try {
    writeFileSync(path, `${key}\n`, { flag: 'wx', mode: 0o600 })
    return key
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return undefined
    throw error
  }
}

function readKey(path: string): string {
  const key = readFileSync(path, 'utf8').trim()
  if (key.length < 16) throw new Error('the file holds no key; delete it, so that a new one is made')
  return key
}
