import { encode } from 'uqr'

/** Modules of white that scanners need around the code. */
const BORDER = 3

export interface QrPath {
  /** Modules on each side. */
  size: number
  /** Of an SVG path: a square for each dark module. */
  path: string
}

export function qrPath(text: string): QrPath {
  const { size, data } = encode(text, { ecc: 'M', border: BORDER })
  const squares = data.flatMap((row, y) => row.flatMap((isDark, x) => (isDark ? `M${x} ${y}h1v1h-1z` : [])))
  return { size, path: squares.join('') }
}
