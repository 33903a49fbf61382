import { createCipheriv, createDecipheriv, randomBytes, scrypt } from 'node:crypto'
import { promisify } from 'node:util'
import { BackupError } from './manifest'

const MAGIC = Buffer.from('TGSEAL1\n')
const [SALT, IV, TAG] = [16, 12, 16]
/** 128 MB and about half a second for each guess (RFC 7914). */
const COST = { N: 2 ** 17, r: 8, p: 1, maxmem: 256 * 1024 * 1024 }
export const MIN_PASSPHRASE = 12

const derive = promisify<string, Buffer, number, object, Buffer>(scrypt)

/** Encrypts by a passphrase: scrypt, then AES-256-GCM. The result is the magic, salt, nonce, tag and the encrypted bytes. */
export async function seal(bytes: Buffer, passphrase: string): Promise<Buffer> {
  if (passphrase.length < MIN_PASSPHRASE)
    throw new BackupError(`The passphrase must have at least ${MIN_PASSPHRASE} characters.`)
  const [salt, iv] = [randomBytes(SALT), randomBytes(IV)]
  const cipher = createCipheriv('aes-256-gcm', await derive(passphrase, salt, 32, COST), iv)
  cipher.setAAD(MAGIC)
  const sealed = Buffer.concat([cipher.update(bytes), cipher.final()])
  return Buffer.concat([MAGIC, salt, iv, cipher.getAuthTag(), sealed])
}

/** @throws BackupError where the passphrase is another, or a byte was changed */
export async function unseal(sealed: Buffer, passphrase: string): Promise<Buffer> {
  if (!sealed.subarray(0, MAGIC.length).equals(MAGIC)) throw new BackupError('The sealed session is damaged.')
  const parts = sealed.subarray(MAGIC.length)
  const [salt, iv] = [parts.subarray(0, SALT), parts.subarray(SALT, SALT + IV)]
  const decipher = createDecipheriv('aes-256-gcm', await derive(passphrase, salt, 32, COST), iv)
  decipher.setAAD(MAGIC)
  decipher.setAuthTag(parts.subarray(SALT + IV, SALT + IV + TAG))
  try {
    return Buffer.concat([decipher.update(parts.subarray(SALT + IV + TAG)), decipher.final()])
  } catch (cause) {
    throw new BackupError('The session in the backup does not open with this passphrase.', { cause })
  }
}
