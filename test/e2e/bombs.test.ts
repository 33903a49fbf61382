import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { bombsFor, formBombs, type Bomb } from '../support/bombs'
import { expectUnharmed, JSON_TYPE, sendTo } from '../support/hostile'
import { contractOf, targetWith, type Operation } from '../support/openapi'
import { ROOT, SentinelProcess } from '../support/sentinel-process'
import { slowness } from '../support/slowness'
import { makeTemporaryFolder, removeFolder } from '../support/temporary-folder'

/** Whatever one request holds, others are answered within this: of a machine that has nothing else to do. */
const MOST_MS = 100
/** A lag that the machine itself brings does not come twice. */
const TRIES = 5
/** For the timer that measures to have its turn after the answer. */
const AFTER_MS = 30

const operations = contractOf('sentinel').operations.filter(({ requestBody }) => requestBody['application/json'])

describe('the event loop of the sentinel', () => {
  const folder = makeTemporaryFolder()
  const lagFile = join(folder, 'lag')
  let sentinel: SentinelProcess
  let profileId: number

  beforeAll(async () => {
    const preload = join(ROOT, 'test/support/loop-delay.cjs')
    sentinel = await SentinelProcess.start({ preload, env: { LOOP_DELAY_FILE: lagFile } })
    profileId = (await sentinel.api.createProfile({ name: 'Kept' })).id
  })

  afterEach(() => expectUnharmed(sentinel))

  afterAll(async () => {
    await sentinel.stop()
    removeFolder(folder)
  })

  /** How late timers were while a body was answered, as if the machine were quiet: the least of some tries, as soon as one is good. */
  async function lagUnder(operation: Operation, body: string): Promise<number> {
    let least = Infinity
    for (let attempt = 0; attempt < TRIES && least > MOST_MS; attempt++) {
      const before = slowness()
      sentinel.kill('SIGUSR2')
      await sendTo(sentinel, operation, targetWith(operation, String(profileId)), JSON_TYPE, body)
      await delay(AFTER_MS)
      const lag = existsSync(lagFile) ? Number(readFileSync(lagFile, 'utf8')) : 0
      least = Math.min(least, lag / Math.max(before, slowness()))
    }
    return least
  }

  const trials = operations.flatMap((operation, turn) =>
    [...formBombs(operation, turn), ...bombsFor(operation)].map((bomb) => [operation.id, ...bomb, operation] as const),
  )

  it.each(trials)('%s goes on under %s', async (_id, _what, body: Bomb[1], operation) => {
    expect(await lagUnder(operation, body)).toBeLessThanOrEqual(MOST_MS)
  })
})
