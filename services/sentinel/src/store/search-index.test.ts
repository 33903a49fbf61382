import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openStore } from './store'
import { searchIdAt } from './search-index'

const NOON = 1_800_000_000
const SECOND_HOLDS = 65_536

describe('ids of documents', () => {
  it('are of the second of their message, and of the next where that is full', () => {
    const folder = mkdtempSync(join(tmpdir(), 'tgsentinel-search-index-'))
    const store = openStore(join(folder, 'sentinel.db'))
    const rows = Array.from({ length: SECOND_HOLDS + 100 }, (_, index) => index + 1)
    const ids = store.transaction(() => rows.map((row) => store.searchIndex.idOf(row, NOON)))
    expect(new Set(ids).size).toBe(rows.length)
    expect(ids.slice(0, SECOND_HOLDS).every((id) => id >= searchIdAt(NOON) && id < searchIdAt(NOON + 1))).toBe(true)
    expect(ids.slice(SECOND_HOLDS).every((id) => id >= searchIdAt(NOON + 1) && id < searchIdAt(NOON + 2))).toBe(true)
    expect(store.searchIndex.idOf(7, NOON)).toBe(ids[6])
    store.close()
    rmSync(folder, { recursive: true })
  })
})
