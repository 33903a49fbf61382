/** Telegram's own safe prime of 2048 bits, for the key exchange (g = 3) and for passwords. Source: core.telegram.org/mtproto/auth_key */
export const PRIME = BigInt(
  '0x' +
    'c71caeb9c6b1c9048e6c522f70f13f73980d40238e3e21c14934d037563d930f' +
    '48198a0aa7c14058229493d22530f4dbfa336f6e0ac925139543aed44cce7c37' +
    '20fd51f69458705ac68cd4fe6b6b13abdc9746512969328454f18faf8c595f64' +
    '2477fe96bb2a941d5bcd1d4ac8cc49880708fa9b378e3c4f3a9060bee67cf9a4' +
    'a4a695811051907e162753b56b0f6b410dba74d8a84b2a14b3144e0ef1284754' +
    'fd17ed950d5965b4b9dd46582db1178d169c6bc465b0d6ff9ca3928fef5b9ae4' +
    'e418fc15e83ebea0f87fa9ff5eed70050ded2849f47bf959d956850ce929851f' +
    '0d8115f635b105ee2e4e15d04b2454bf6f4fadf034b10403119cd8e3b92fcc5b',
)
export const GENERATOR = 3
export const PRIME_BYTES = 256

export function power(base: bigint, exponent: bigint, modulus = PRIME): bigint {
  let result = 1n
  for (const bit of exponent.toString(2)) {
    result = (result * result) % modulus
    if (bit === '1') result = (result * base) % modulus
  }
  return result
}

/** Neither side may send a value that gives the secret away: 2^1984 from both ends. Source: core.telegram.org/mtproto/auth_key */
export function isSafePower(value: bigint): boolean {
  const margin = 1n << 1984n
  return value >= margin && value <= PRIME - margin
}

export function toNumber(bytes: Uint8Array): bigint {
  return bytes.length === 0 ? 0n : BigInt(`0x${Buffer.from(bytes).toString('hex')}`)
}

/** Big-endian, filled up with zeros in front. */
export function toBytes(value: bigint, size = PRIME_BYTES): Buffer {
  return Buffer.from(value.toString(16).padStart(size * 2, '0'), 'hex')
}
