import { prepare, stress, type StressReport } from '../stress/stress'
import { RedisProcess } from '../support/redis-process'
import { SignInStage } from '../support/sign-in-stage'

/** The short form of `npm run stress`. */
describe('hundreds of callers at once, a sign-in, an import and a FLOOD_WAIT in the middle', () => {
  let redis: RedisProcess
  let stage: SignInStage
  let report: StressReport

  beforeAll(async () => {
    redis = await RedisProcess.start()
    stage = await SignInStage.open({ ...redis.env, TG_SEND_ALLOW: '@BotFather' })
    report = await stress(await prepare(stage), redis, { seconds: 8, concurrency: 300, log: () => undefined })
  }, 120_000)

  afterAll(async () => {
    await stage.close()
    await redis.close()
  })

  it('meets no lock and no internal error, and every call that waits gets its answer', () => {
    expect(report.wrong).toEqual([])
    expect(report.lost).toEqual([])
    expect(report.calls).toBeGreaterThan(300)
    expect(report.hungUp).toBeGreaterThan(0)
    expect(report.outcomes['200']).toBeGreaterThan(300)
    expect(report.outcomes['redis ok']).toBeGreaterThan(0)
  })

  it('calls Telegram strictly one at a time', () => {
    expect(report.overlaps).toEqual([])
    expect(report.maxInFlight).toBe(1)
  })

  it('lets the sign-in and the import through, and keeps a second process out', () => {
    expect(report.events).toEqual([
      'FLOOD_WAIT on messages.getHistory',
      'a second process ended with 1: the session is taken',
      'sign-in by phone: signed_in',
      'import: generation 3 in force',
    ])
  })
})
