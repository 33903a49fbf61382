import { startTelegramServer } from '../server'
import { RawClient } from '../support/raw-client'
import { until } from '../support/waiting'
import { serviceCodec } from '../tl/layers'
import { CHATS } from './cast'
import { dayOfTraffic, eveningStream } from './day-of-traffic'

const ALERTING =
  /urgent|security|vulnerability|outage|deadline|срочно|уязвимост|терміново|dringend|緊急|@alexmorgan|code/i

describe('the scripted day', () => {
  it('is the same for the same seed and another for another', () => {
    expect(dayOfTraffic(3)).toEqual(dayOfTraffic(3))
    expect(dayOfTraffic(3)).not.toEqual(dayOfTraffic(4))
  })

  it('has forty chats, some hundred messages and enough to be told about', () => {
    const posts = dayOfTraffic(1)
    expect(CHATS).toHaveLength(40)
    expect(posts.length).toBeGreaterThan(400)
    expect(new Set(posts.map(({ chat }) => chat)).size).toBe(40)
    expect(posts.filter(({ text }) => ALERTING.test(text)).length).toBeGreaterThan(10)
  })

  it('is followed by talk with something to be told about in between, the same for the same seed', () => {
    const take = (next: () => { text: string }) => Array.from({ length: 80 }, () => next().text)
    const texts = take(eveningStream(1))
    expect(take(eveningStream(1))).toEqual(texts)
    expect(texts.filter((text) => ALERTING.test(text)).length).toBeGreaterThan(5)
  })

  it('is played after the first API call and goes on', async () => {
    const server = await startTelegramServer({ day: true, dayIntervalMs: 5 })
    const { authKey } = await server.control.account()
    const client = await RawClient.connect(server.port, Buffer.from(authKey, 'hex'))
    client.send(serviceCodec.encode({ _: 'ping', ping_id: 1n }))
    client.salt = serviceCodec.decode((await client.take(0xedab447b)).body)['new_server_salt'] as bigint
    expect((await server.control.state()).day.isStarted).toBe(false)
    client.send(server.layers.get(server.layers.newest).encode({ _: 'updates.getState' }))
    await until('more than the day', async () => {
      const { posted, scripted } = (await server.control.state()).day
      return posted > scripted + 3
    })
    expect(client.messages.length).toBeGreaterThan(400)
    client.close()
    await server.close()
  })
})
