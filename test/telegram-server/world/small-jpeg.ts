const SIZE = 160
const BLOCKS = (SIZE / 8) ** 2
/** With every quantiser 8, the DC coefficient of a plain block is its sample minus 128. */
const QUANTISER = 8
const COMPONENTS = [1, 2, 3]

/** A square of one colour as a baseline JPEG (ITU T.81): per block one DC difference and an end of block, nothing else. */
export function smallJpeg(red: number, green: number, blue: number): Buffer {
  const frame = [8, 0, SIZE, 0, SIZE, 3, ...COMPONENTS.flatMap((id) => [id, 0x11, 0])]
  return Buffer.concat([
    Buffer.from([0xff, 0xd8]),
    segment(0xe0, [...Buffer.from('JFIF\0'), 1, 1, 0, 0, 1, 0, 1, 0, 0]),
    segment(0xdb, [0, ...Array<number>(64).fill(QUANTISER)]),
    segment(0xc0, frame),
    // Twelve DC categories of four bits each, and for AC the end of block alone, in one bit.
    segment(0xc4, [0x00, ...counts({ 4: 12 }), ...Array.from({ length: 12 }, (_, category) => category)]),
    segment(0xc4, [0x10, ...counts({ 1: 1 }), 0]),
    segment(0xda, [3, ...COMPONENTS.flatMap((id) => [id, 0]), 0, 63, 0]),
    scan(toYcc(red, green, blue)),
    Buffer.from([0xff, 0xd9]),
  ])
}

function segment(marker: number, content: number[]): Buffer {
  const size = content.length + 2
  return Buffer.from([0xff, marker, size >> 8, size & 0xff, ...content])
}

function counts(byLength: Record<number, number>): number[] {
  return Array.from({ length: 16 }, (_, index) => byLength[index + 1] ?? 0)
}

/** After the first block of each component nothing changes. */
function scan(samples: number[]): Buffer {
  const first = samples.map((sample) => difference(sample - 128) + '0').join('')
  const bits = first + (difference(0) + '0').repeat(3).repeat(BLOCKS - 1)
  const padded = bits.padEnd(Math.ceil(bits.length / 8) * 8, '1')
  const bytes = padded.match(/.{8}/g)!.map((byte) => parseInt(byte, 2))
  return Buffer.from(bytes.flatMap((byte) => (byte === 0xff ? [byte, 0] : [byte])))
}

function difference(value: number): string {
  const category = value === 0 ? 0 : Math.abs(value).toString(2).length
  const bits = value < 0 ? value + 2 ** category - 1 : value
  return category.toString(2).padStart(4, '0') + (category ? bits.toString(2).padStart(category, '0') : '')
}

function toYcc(red: number, green: number, blue: number): number[] {
  const luma = 0.299 * red + 0.587 * green + 0.114 * blue
  return [luma, 128 + 0.564 * (blue - luma), 128 + 0.713 * (red - luma)].map(Math.round)
}
