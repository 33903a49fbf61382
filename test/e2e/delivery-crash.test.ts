import { Conversation, readRows, usualCast } from '../support/conversation'
import { DestinationsClient } from '../support/destinations'
import { HttpReceiver } from '../support/http-receiver'
import { arm, startMortal } from '../support/mortal-sentinel'
import { SentinelProcess } from '../support/sentinel-process'
import { makeTemporaryFolder, removeFolder } from '../support/temporary-folder'
import { until } from '../support/until'

const COUNT = 4

/**
 * A process is killed at each step between an alert and the note that it was told: no alert and no delivery is lost, and what is sent
 * again bears the same id.
 */
describe('a sentinel that is killed', () => {
  let receiver: HttpReceiver
  const dataDir = makeTemporaryFolder()
  let talk: Conversation
  let cast: Awaited<ReturnType<typeof usualCast>>
  let round = 0

  beforeAll(async () => {
    receiver = await HttpReceiver.start()
    ;({ talk, cast } = await Conversation.open(usualCast, { dataDir, env: { DELIVERY_ALLOW: receiver.place } }))
    const { api } = talk.sentinel
    for (const { id } of await api.profiles()) await api.deleteProfile(id)
    await api.createProfile({ name: 'Alpha', keywords: { general: { words: ['alpha'] } } })
    const destinations = new DestinationsClient(() => api)
    await destinations.create({ name: 'Hook', target: { kind: 'webhook', url: receiver.url } })
    await destinations.create({ name: 'Me', target: { kind: 'saved_messages' } })
    await talk.sentinel.stop()
  })

  afterAll(async () => {
    await talk.stage.close()
    await receiver.stop()
    removeFolder(dataDir)
  })

  /** A row is enqueued, leased and noted: among the writes of each, and around the commits between them. */
  const MOMENTS = [
    'before:deliveries:1',
    'before:deliveries:3',
    'after:deliveries:3',
    'after:deliveries:6',
    'after:destinations:1',
    'before:commit@deliveries:1',
    'after:commit@deliveries:2',
  ]

  it.each(MOMENTS)('%s of its writes loses nothing, and repeats under the same id alone', async (moment) => {
    round += 1
    const env = { ...talk.stage.env, DELIVERY_ALLOW: receiver.place }
    const mortal = await startMortal(moment, dataDir, env)
    await talk.stage.signedIn(mortal)
    await arm(mortal)
    for (let n = 0; n < COUNT; n++)
      await talk.stage.control.postMessage({ chat: cast.channel, text: `alpha r${round} n${n}` })
    expect(await mortal.exited).toEqual({ code: null, signal: 'SIGKILL' })
    const sentinel = await SentinelProcess.start({ dataDir, env })
    try {
      await expectAllTold(sentinel)
    } finally {
      await sentinel.stop()
    }
  })

  async function expectAllTold(sentinel: SentinelProcess): Promise<void> {
    const rows = () =>
      readRows<{ state: string; alert_id: number; message_id: string }>(
        sentinel.databasePath,
        'SELECT state, alert_id, message_id FROM deliveries',
      )
    await until('all alerts', async () => (await sentinel.api.alerts()).length === round * COUNT, 40_000)
    const allSent = () => rows().length === round * COUNT * 2 && rows().every(({ state }) => state === 'sent')
    await until('all deliveries', allSent, 40_000)
    const known = new Set(rows().map(({ message_id: id }) => id))
    const byAlert = new Map<unknown, Set<unknown>>()
    for (const { json, headers } of receiver.received) {
      const { id } = json['data'] as { id: number }
      byAlert.set(id, (byAlert.get(id) ?? new Set()).add(headers['webhook-id']))
      expect(known.has(String(headers['webhook-id']))).toBe(true)
    }
    expect(byAlert.size).toBe(round * COUNT)
    expect([...byAlert.values()].filter((ids) => ids.size !== 1)).toEqual([])
    await expectWrittenOnce()
  }

  /** Telegram takes what bears the same id once. */
  async function expectWrittenOnce(): Promise<void> {
    const { id } = await talk.stage.control.account({})
    const account = talk.stage.server.world.accounts.get(id)
    const texts = (account?.histories.get(id) ?? []).map(({ text }) => text)
    expect(texts.filter((text) => text.includes('alpha')).length).toBe(round * COUNT)
    expect(new Set(texts).size).toBe(texts.length)
  }
})
