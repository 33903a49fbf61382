import { Api } from 'telegram'
import { startTelegramServer, type TelegramServer } from '../server'
import { gramJsClient } from '../support/gramjs'
import { RawClient } from '../support/raw-client'
import { until } from '../support/waiting'
import { serviceCodec } from '../tl/layers'
import type { AccountInfo } from './control'

describe('a burst', () => {
  let server: TelegramServer
  let account: AccountInfo
  let chats: number[]

  beforeEach(async () => {
    server = await startTelegramServer()
    account = await server.control.createAccount({ firstName: 'Alex' })
    const { id } = await server.control.createUser({ firstName: 'Mara' })
    chats = [id, (await server.control.createSupergroup({ title: 'Team' })).chat]
  })

  afterEach(() => server.close())

  it('reaches GramJS whole, each box counted without a hole', async () => {
    const { client, seen } = await gramJsClient(server.port, account)
    await client.connect()
    await client.invoke(new Api.updates.GetState())
    const report = await server.control.burst({
      count: 3000,
      chats,
      batchSize: 10,
      textFromCorpus: true,
      withKeyword: 'urgent',
    })
    const updates = () =>
      seen.flatMap((one) =>
        one.className === 'Updates' ? (one as unknown as Api.Updates).updates : [],
      ) as Api.UpdateNewMessage[]
    await until('3000 messages', () => updates().length === 3000)
    for (const className of ['UpdateNewMessage', 'UpdateNewChannelMessage']) {
      const pts = updates().flatMap((update) => (update.className === className ? [update.pts] : []))
      expect(pts).toEqual(Array.from({ length: 1500 }, (_, index) => index + 2))
    }
    expect(updates().filter(({ message }) => (message as Api.Message).message.endsWith('urgent'))).toHaveLength(300)
    expect(report.sent).toBe(3000)
    await client.destroy()
  })

  it('waits for a reader that does not read', async () => {
    const client = await RawClient.connect(server.port, Buffer.from(account.authKey, 'hex'))
    client.send(serviceCodec.encode({ _: 'ping', ping_id: 1n }))
    client.salt = serviceCodec.decode((await client.take(0xedab447b)).body)['new_server_salt'] as bigint
    client.send(server.layers.get(server.layers.newest).encode({ _: 'updates.getState' }))
    await client.take(0xf35c6d01)
    client.pause()
    let isDone = false
    const burst = server.control.burst({ count: 60_000, chats, batchSize: 1 }).then(() => (isDone = true))
    const posted = async () => (await server.control.state()).accounts[0]!.messages
    let last = -1
    await until('the burst to stand still', async () => {
      const before = last
      last = await posted()
      return last === before && last > 0
    })
    expect(isDone).toBe(false)
    client.close()
    await burst
  })
})
