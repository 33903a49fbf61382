import { authKeyId, igeDecrypt, igeEncrypt } from './crypto'

describe('AES-256-IGE', () => {
  const key = Buffer.from(Array.from({ length: 32 }, (_, at) => at))
  const iv = Buffer.from(Array.from({ length: 32 }, (_, at) => 255 - at))
  const plain = Buffer.from(Array.from({ length: 160 }, (_, at) => (at * 7) & 0xff))

  it('encrypts as GramJS does', async () => {
    await import('telegram')
    const { IGE } = await import('telegram/crypto/IGE')
    expect(igeEncrypt(plain, key, iv).equals(Buffer.from(new IGE(key, iv).encryptIge(plain)))).toBe(true)
  })

  it('decrypts what it encrypted, whatever the length and alignment', () => {
    for (const size of [16, 32, 48, 160]) {
      const sealed = Buffer.concat([Buffer.alloc(3), igeEncrypt(plain.subarray(0, size), key, iv)]).subarray(3)
      expect(igeDecrypt(sealed, key, iv).equals(plain.subarray(0, size))).toBe(true)
    }
  })

  it('gives the value of the definition, computed block by block', () => {
    expect(igeEncrypt(Buffer.alloc(32, 1), key, iv).toString('hex')).toBe(
      '70c72af3d4c102d44b9a869fa22a52ff9dd9c20b0ac3b05617ddf9b9950d5379',
    )
  })

  it('derives the id of a key from its hash', () => {
    expect(authKeyId(Buffer.alloc(256))).toBe(10491994428448377009n)
  })
})
