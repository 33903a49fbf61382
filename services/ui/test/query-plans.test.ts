import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openDatabase } from '@tgsentinel/kernel/sqlite'
import { QueryPlans } from '../../../test/support/query-plans'
import { MIGRATIONS } from '../src/store/migrations'
import { Store } from '../src/store/store'

/** The owner's own browsers, which sign-out and expiry delete, and the alerts that are kept: to the five hundredth. */
const SMALL = ['scans ui_sessions', 'scans alerts']

describe('every statement of ui.db', () => {
  it('finds what it is after in what grows', () => {
    const folder = mkdtempSync(join(tmpdir(), 'tgsentinel-plans-'))
    const database = openDatabase(join(folder, 'ui.db'), MIGRATIONS)
    const plans = new QueryPlans(database)
    const prepared = plans.notePrepared()
    const store = new Store(database)
    const wrongs = [...prepared].flatMap((sql) => plans.wrongs(sql).map((wrong) => [wrong, sql]))
    store.close()
    rmSync(folder, { recursive: true })
    expect(prepared.size).toBeGreaterThan(8)
    expect(wrongs.filter(([wrong = '']) => !SMALL.includes(wrong))).toEqual([])
  })
})
