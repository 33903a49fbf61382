import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

const ROOT = join(__dirname, '..')
const read = (path: string) => readFileSync(join(ROOT, path), 'utf8')
const rows = read('docs/founding-documents.md')
  .split('\n')
  .filter((line) => line.startsWith('| ') && !/^\| (promise|enhancement|---|-)/.test(line))

describe('docs/founding-documents.md', () => {
  it('names a proof for every promise, or says that there is none', () => {
    expect(rows.length).toBeGreaterThan(50)
    expect(rows.filter((row) => !/`[\w./-]+\.test\.ts`|\*\*Not proven\*\*/.test(row))).toEqual([])
  })

  it('names files and tests that exist', () => {
    const proofs = rows.flatMap((row) => [...row.matchAll(/`([\w./-]+\.test\.ts)`(?: › (.+?))? *\|$/g)])
    const missing = proofs.filter(
      ([, path = '', name]) => !existsSync(join(ROOT, path)) || (name && !hasTest(path, name)),
    )
    expect(proofs.length).toBeGreaterThan(50)
    expect(missing.map(([text]) => text)).toEqual([])
  })
})

it('README and CONTRIBUTING carry the rule of one call at a time', () => {
  for (const path of ['README.md', 'CONTRIBUTING.md'])
    expect(read(path)).toContain('Never run concurrent Telegram actions: everything goes through the queue.')
})

/** A test's name as it stands in its file, also as the form of many. */
function hasTest(path: string, name: string): boolean {
  const text = read(path)
  return ["'", '"', '`'].some((quote) => text.includes(`${quote}${name}${quote}`))
}
