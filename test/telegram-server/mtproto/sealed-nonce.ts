import { createHash } from 'node:crypto'
import type { TlObject } from '../tl/codec'
import { handshakeCodec } from '../tl/layers'
import { igeDecrypt } from './crypto'

const DATA_BYTES = 192
const SHA1_BYTES = 20

/**
 * Opens the block that a client has sealed with RSA, in either of the two ways in use. Source:
 * core.telegram.org/mtproto/auth_key, "4.1) RSA_PAD"; the older way (SHA-1, data, random bytes; 255 in all) is Telethon's.
 */
export function openSealedNonce(block: Buffer): TlObject | undefined {
  return openPadded(block) ?? openHashed(block)
}

function openPadded(block: Buffer): TlObject | undefined {
  const sealed = block.subarray(32)
  const mask = sha('sha256', sealed)
  const temporaryKey = Buffer.from(block.subarray(0, 32).map((byte, at) => byte ^ mask[at]!))
  const opened = igeDecrypt(sealed, temporaryKey, Buffer.alloc(32))
  const data = Buffer.from(opened.subarray(0, DATA_BYTES)).reverse()
  if (!sha('sha256', temporaryKey, data).equals(opened.subarray(DATA_BYTES))) return undefined
  return handshakeCodec.decode(data)
}

/** The length of the data is not said: it is what the object takes. */
function openHashed(block: Buffer): TlObject | undefined {
  const hash = block.subarray(1, 1 + SHA1_BYTES)
  const rest = block.subarray(1 + SHA1_BYTES)
  try {
    const object = handshakeCodec.decode(rest)
    const { length } = handshakeCodec.encode(object)
    return sha('sha1', rest.subarray(0, length)).equals(hash) ? object : undefined
  } catch {
    // Not an object at all: the block was sealed for another key, or is noise.
    return undefined
  }
}

export function sha(algorithm: 'sha1' | 'sha256', ...parts: Uint8Array[]): Buffer {
  const hash = createHash(algorithm)
  for (const part of parts) hash.update(part)
  return hash.digest()
}
