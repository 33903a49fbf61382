import { RedisProcess } from '../support/redis-process'
import { SignInStage } from '../support/sign-in-stage'
import { prepare, stress } from './stress'

/** `npm run stress [-- seconds [concurrency]]`: a minute of 1,000 callers; ends with 1 where something is wrong. */
async function main(): Promise<void> {
  const [seconds = 60, concurrency = 1000] = process.argv.slice(2).map(Number)
  const redis = await RedisProcess.start()
  const stage = await SignInStage.open({ ...redis.env, TG_SEND_ALLOW: '@BotFather', LOG_LEVEL: 'info' })
  try {
    const log = (line: string) => process.stdout.write(`${line}\n`)
    const report = await stress(await prepare(stage), redis, { seconds, concurrency, log })
    log(JSON.stringify(report, null, 1))
    const isRight = [report.lost, report.wrong].every((list) => list.length === 0) && report.maxInFlight <= 1
    process.exitCode = isRight ? 0 : 1
  } finally {
    await stage.close()
    await redis.close()
  }
}

void main()
