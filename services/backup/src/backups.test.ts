import { mkdtempSync, readdirSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createLogger } from '@tgsentinel/kernel/log'
import { DAY, HOUR, MINUTE } from '@tgsentinel/kernel/time'
import { until } from '../../../test/support/until'
import { Backups } from './backups'

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

  const schedule = (everyMs: number | null = DAY) =>
    new Backups({
      ...{ settings: { dir, everyMs, keep: 2 }, service: 'ui', programPath: join(folder, 'program.cjs') },
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

  it('that fail remove nothing, say why, and are tried again after a while', async () => {
    const backups = schedule()
    await backups.look()
    nowMs += 2 * DAY
    writeFileSync(join(folder, 'program.cjs'), "process.stderr.write('There is no room.'); process.exit(1)")
    await backups.look()
    expect(backups.latest).toMatchObject({ state: 'failed', message: 'There is no room.', finishedAtMs: nowMs })
    writeFileSync(join(folder, 'program.cjs'), PROGRAM)
    nowMs += 9 * MINUTE
    await backups.look()
    expect(readdirSync(dir)).toHaveLength(1)
    nowMs += 2 * MINUTE
    await backups.look()
    expect([readdirSync(dir).length, backups.latest.state]).toEqual([2, 'done'])
  })

  it('whose folder cannot be made are told as failures', async () => {
    writeFileSync(dir, 'no folder')
    const backups = schedule()
    await backups.look()
    expect(backups.latest).toMatchObject({ state: 'failed', message: expect.stringContaining('EEXIST') as string })
  })

  it('that somebody asks for are made one at a time, tell how far they are, and can be given up', async () => {
    writeFileSync(
      join(folder, 'program.cjs'),
      `process.once('SIGTERM', () => process.exit(1)); console.log('{"what":"ui.db","done":0.5}'); setInterval(() => {}, 1000)`,
    )
    const backups = schedule(null)
    await backups.look()
    expect(backups.latest.state).toBe('none')
    expect([backups.begin(), backups.begin()]).toEqual([true, false])
    await until('half of it', () => backups.latest.percent === 50)
    expect(backups.cancel()).toBe(true)
    await until('its end', () => backups.latest.state === 'cancelled')
    expect([backups.cancel(), readdirSync(dir)]).toEqual([false, []])
  })

  it.each([
    '../ui.db',
    'tgsentinel-sentinel-x.tar.gz',
    'tgsentinel-ui-../../x.tar.gz',
    'tgsentinel-ui-absent.tar.gz',
    '',
  ])('finds no backup %j', (name) => {
    const backups = schedule()
    backups.list()
    writeFileSync(join(dir, 'tgsentinel-sentinel-x.tar.gz'), 'of the other service')
    expect([backups.find(name), backups.remove(name)]).toEqual([undefined, false])
  })
})
