import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { brotliCompressSync } from 'node:zlib'
import { figure, type Figure } from './figure'

/** What a browser loads of the page, compressed, in all. */
export function benchPage(root: string): Figure[] {
  const folder = join(root, 'services/ui/dist/web')
  const files = readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && !/\.(br|gz|map)$/.test(entry.name))
    .map((entry) => readFileSync(join(entry.parentPath, entry.name)))
  const kb = files.reduce((sum, bytes) => sum + brotliCompressSync(bytes).length, 0) / 1024
  return [figure('the page, compressed', kb, 'KB', 'lower', 150)]
}
