import { SentinelProcess } from './test/support/sentinel-process'
import { TelegramStage } from './test/support/telegram-stage'
async function main() {
  const stage = await TelegramStage.open()
  const sentinel = await SentinelProcess.start({ env: stage.env })
  await stage.signIn(sentinel)
  require('fs').writeFileSync('/tmp/st/port', String(sentinel.port))
  console.log('PORT', sentinel.port)
  process.on('SIGTERM', () => { require('fs').writeFileSync('/tmp/st/out.log', sentinel.output); void sentinel.stop().then(() => stage.close()).then(() => process.exit(0)) })
  setInterval(() => undefined, 1000)
}
void main()
