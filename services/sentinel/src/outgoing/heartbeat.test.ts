import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { createLogger } from '@tgsentinel/kernel/log'
import { dialing } from '../../../../test/support/dialing'
import { until } from '../../../../test/support/until'
import { Heartbeat } from './heartbeat'

describe('the heartbeat', () => {
  let server: Server
  let asked: string[] = []
  let heartbeat: Heartbeat | undefined

  beforeEach(async () => {
    asked = []
    server = createServer((request, response) => {
      asked.push(`${request.method} ${request.url}`)
      response.end('OK')
    })
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  })

  afterEach(async () => {
    heartbeat?.close()
    await new Promise((resolve) => server.close(resolve))
  })

  it('asks the address while Telegram is heard, though it is one of this machine, and stops when it is not', async () => {
    let isHeard = true
    let looks = 0
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/ping/secret`
    const options = { url, dialing: dialing(), log: createLogger('test', 'silent'), everyMs: 10 }
    heartbeat = new Heartbeat({ ...options, isHeard: () => (looks++, isHeard) })
    heartbeat.start()
    await until('three beats', () => asked.length >= 3)
    expect(new Set(asked)).toEqual(new Set(['GET /ping/secret']))
    isHeard = false
    const before = looks
    await until('ten more looks', () => looks > before + 10)
    const beats = asked.length
    await until('ten more looks', () => looks > before + 20)
    expect(asked.length).toBe(beats)
  })
})
