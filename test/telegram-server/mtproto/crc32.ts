const TABLE = Int32Array.from({ length: 256 }, (_, index) => {
  let value = index
  for (let bit = 0; bit < 8; bit++) value = value & 1 ? (value >>> 1) ^ 0xedb88320 : value >>> 1
  return value
})

export function crc32(...parts: Buffer[]): number {
  let value = -1
  for (const part of parts) for (const byte of part) value = (value >>> 8) ^ TABLE[(value ^ byte) & 0xff]!
  return ~value
}
