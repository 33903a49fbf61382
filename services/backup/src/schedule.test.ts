import { mkdtempSync, readdirSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createLogger } from '@tgsentinel/kernel/log'
import { DAY, HOUR } from '@tgsentinel/kernel/time'
import { BackupSchedule, parseEvery, parseKeep } from './schedule'

/** In the place of the program: writes the file that it would, or fails. */
const PROGRAM = `
const { writeFileSync } = require('node:fs'); const { join } = require('node:path')
const [task, , to, , only] = process.argv.slice(2)
if (task !== 'backup') process.exit(3)
writeFileSync(join(to, 'tgsentinel-' + only + '-' + process.hrtime.bigint() + '.tar.gz'), '')`

describe('backups by themselves', () => {
  let folder = ''
  let dir = ''
  let nowMs = 0

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'tgsentinel-schedule-'))
    dir = join(folder, 'backups')
    nowMs = Date.now()
    writeFileSync(join(folder, 'program.cjs'), PROGRAM)
  })

  afterEach(() => rmSync(folder, { recursive: true }))

  const schedule = () =>
    new BackupSchedule({
      ...{ settings: { dir, everyMs: DAY, keep: 2 }, service: 'ui', programPath: join(folder, 'program.cjs') },
      ...{ log: createLogger('test', 'silent'), now: () => nowMs },
    })

  it('are made when the newest is too old, also over restarts, and the oldest go', async () => {
    await schedule().look()
    expect(readdirSync(dir)).toHaveLength(1)
    nowMs += DAY - HOUR
    await schedule().look()
    expect(readdirSync(dir)).toHaveLength(1)
    const [first = ''] = readdirSync(dir)
    writeFileSync(join(dir, 'tgsentinel-sentinel-x.tar.gz'), 'of the other service')
    for (let round = 0; round < 3; round += 1) {
      for (const name of readdirSync(dir)) {
        const at = statSync(join(dir, name)).mtimeMs / 1000 - 2 * 86_400
        utimesSync(join(dir, name), at, at)
      }
      nowMs = Date.now()
      await schedule().look()
    }
    const names = readdirSync(dir)
    expect([names.length, names.includes(first), names.includes('tgsentinel-sentinel-x.tar.gz')]).toEqual([
      3,
      false,
      true,
    ])
  })

  it('that fail remove nothing, and are tried again', async () => {
    await schedule().look()
    nowMs += 2 * DAY
    writeFileSync(join(folder, 'program.cjs'), "process.stderr.write('There is no room.'); process.exit(1)")
    await schedule().look()
    expect(readdirSync(dir)).toHaveLength(1)
    writeFileSync(join(folder, 'program.cjs'), PROGRAM)
    await schedule().look()
    expect(readdirSync(dir)).toHaveLength(2)
  })

  it.each([
    ['12h', 12 * HOUR],
    ['1d', DAY],
    ['90m', 1.5 * HOUR],
    ['5m', undefined],
    ['366d', undefined],
    ['', undefined],
    ['1', undefined],
    ['-1d', undefined],
  ])('reads %j', (text, ms) => expect(parseEvery(text)).toBe(ms))

  it('keeps from one to a thousand', () =>
    expect(['1', '7', '1000', '0', '1001', 'x'].map(parseKeep)).toEqual([1, 7, 1000, undefined, undefined, undefined]))
})
