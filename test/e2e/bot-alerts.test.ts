import Database from '@tgsentinel/sqlite-driver'
import type { SentMessage } from '../bot-api/bot-api-server'
import { ADMIN, BotStage } from '../bot-api/bot-stage'
import { until } from '../support/until'

let stage: BotStage

beforeEach(async () => {
  stage = await BotStage.open()
  await stage.running()
})

afterEach(() => stage.close())

/** Waits until the last alert is told to a chat; what was told twice would stand there by then. */
async function settled(chat = ADMIN): Promise<void> {
  await stage.post('alpha the very last')
  await stage.told('alpha the very last', chat)
}

describe('alerts told by the bot', () => {
  it('come as they are raised, to subscribed chats alone, with all that they say', async () => {
    await stage.post('alpha before anybody listens')
    expect(await stage.ask('/start')).toMatch(/^Hello\. From now on/)
    expect(await stage.ask('/start')).toMatch(/already/)
    await stage.post('alpha at last', stage.cast.channel)
    const told = await stage.told('alpha at last')
    expect(told).toMatch(
      /^\[3\] Alpha · News\nalpha at last\nWhy: “alpha” \(security\) \+3\nhttps:\/\/t\.me\/newswire\/\d+$/,
    )
    await settled()
    expect([stage.times('before anybody'), stage.times('alpha at last')]).toEqual([0, 1])
    expect(new Set(stage.bot.sent.map(({ chatId }) => chatId))).toEqual(new Set([ADMIN]))
  })

  it('are each told once in a burst, joined, at most one message a second', async () => {
    await stage.ask('/start')
    for (let n = 0; n < 60; n++)
      await stage.telegram.control.postMessage({ chat: stage.cast.channel, text: `alpha n${n}.` })
    await until('all of them to be told', () => stage.times('alpha n') >= 60, 40_000)
    await settled()
    for (let n = 0; n < 60; n++) expect(stage.times(`alpha n${n}.`)).toBe(1)
    const told = stage.bot.sent.filter(({ text }) => text.includes('Why:'))
    expect(told.length).toBeLessThan(30)
    for (const [index, { atMs }] of told.entries())
      if (index > 0) expect(atMs - (told[index - 1]?.atMs ?? 0)).toBeGreaterThan(950)
  })

  it('are summed up where there are too many to be told one by one', async () => {
    await stage.ask('/start')
    await stage.bot.stop()
    await stage.reaches('waiting')
    await stage.telegram.control.burst({
      count: 3000,
      chats: [stage.cast.channel],
      withKeyword: 'alpha',
      batchSize: 50,
    })
    await until(
      'their alerts',
      async () =>
        (await stage.sentinel.api.stats()).total_alerts >= 300 && (await stage.sentinel.api.status()).backlog === 0,
    )
    const { total_alerts: total } = await stage.sentinel.api.stats()
    await stage.bot.listen()
    const summary = await stage.told('New: ')
    expect(summary).toContain(`New: ${total} alerts. The newest 10:`)
    expect(summary).toContain(`And ${total - 10} more: /alerts`)
    expect(summary.split('Why:')).toHaveLength(11)
  })

  it('are neither repeated nor lost over kill -9, and what came before the bot was back is told', async () => {
    await stage.ask('/start')
    await stage.post('alpha one')
    await stage.told('alpha one')
    await until('that to be kept', () => stage.toldUpTo() > 0)
    await stage.crash()
    await stage.start()
    await stage.telegram.signedIn(stage.sentinel)
    await stage.post('alpha two')
    await stage.told('alpha two')
    await stage.bot.stop()
    await stage.reaches('waiting')
    await stage.post('alpha three')
    await stage.crash()
    await stage.bot.listen()
    await stage.start()
    await stage.told('alpha three')
    await stage.telegram.signedIn(stage.sentinel)
    await settled()
    expect(['one', 'two', 'three'].map((n) => stage.times(`alpha ${n}`))).toEqual([1, 1, 1])
    expect(stage.leaks).toEqual([])
  })

  it('are held back by /pause and summed up by /resume, over a restart as well', async () => {
    expect(await stage.ask('/pause')).toMatch(/not told of alerts/)
    expect(await stage.ask('/resume')).toMatch(/not told of alerts/)
    await stage.ask('/start')
    expect(await stage.ask('/resume')).toMatch(/not held back/)
    expect(await stage.ask('/pause')).toMatch(/held back for this chat/)
    for (let n = 0; n < 14; n++) await stage.post(`alpha held ${n}.`)
    await stage.stop()
    await stage.start()
    await stage.telegram.signedIn(stage.sentinel)
    await stage.running()
    expect(await stage.ask('/pause')).toMatch(/already/)
    expect(stage.times('alpha held')).toBe(0)
    const resumed = await stage.ask('/resume')
    expect(resumed).toMatch(/^New alerts are told again\. 14 alerts came meanwhile\. The newest 10:/)
    for (let n = 0; n < 14; n++) expect(stage.times(`alpha held ${n}.`)).toBe(n < 4 ? 0 : 1)
    expect(resumed).toContain('And 4 more: /alerts')
    await settled()
    expect(stage.times('alpha held')).toBe(10)
    expect(await stage.sentinel.api.alerts({ q: 'alpha held' })).toHaveLength(14)
    await stage.ask('/pause')
    expect(await stage.ask('/resume')).toBe('New alerts are told again. None came meanwhile.')
  })

  it('wait as long as Telegram asks, and end where a chat has shut the bot out, until it says /start', async () => {
    await stage.ask('/start')
    stage.bot.faults.flood('sendMessage', 2)
    const floodedAtMs = Date.now()
    await stage.post('alpha after a flood')
    await stage.told('alpha after a flood')
    expect(Date.now() - floodedAtMs).toBeGreaterThan(1900)
    stage.bot.faults.error('sendMessage', 403, 'Forbidden: bot was blocked by the user')
    await stage.post('alpha to nobody')
    await until('the chat to be given up', () => stage.isPaused())
    const sent = stage.bot.callsOf('sendMessage')
    await stage.post('alpha to nobody either')
    expect(stage.bot.callsOf('sendMessage')).toBe(sent)
    expect(await stage.ask('/start')).toMatch(/2 alerts came meanwhile/)
    await settled()
    expect(stage.times('alpha after a flood')).toBe(1)
  })

  it('follow a group that becomes a supergroup', async () => {
    const [group, supergroup] = [-900, -1000000000900]
    await stage.ask('/start', { chat: group, chatType: 'group' })
    stage.bot.faults.error('sendMessage', 400, 'Bad Request: group chat was upgraded to a supergroup chat', 1, {
      migrate_to_chat_id: supergroup,
    })
    await stage.post('alpha moved')
    await stage.told('alpha moved', supergroup)
    await settled(supergroup)
    expect([stage.times('alpha moved', group), stage.times('alpha moved', supergroup)]).toEqual([0, 1])
  })
})

describe('buttons below alerts of the bot', () => {
  const sourcesOf = async (name: string) => {
    const { api } = stage.sentinel
    const id = (await api.profiles()).find((profile) => profile.name === name)?.id
    const { body } = await api.request<{ data: { labels: { relevant: boolean; source: string }[] } }>(
      'GET',
      `/api/profiles/${id}/labels`,
    )
    return body.data.labels.map(({ relevant, source }) => [relevant, source])
  }
  const sent = (text: string) => stage.bot.sent.find((one) => one.text.includes(text))
  const noted = (note: string) => until(`the note “${note}”`, () => stage.bot.notes.includes(note))

  it('keep what their owner says, and show it; strangers in a group say nothing', async () => {
    await stage.ask('/start')
    await stage.post('alpha and beta')
    await stage.told('alpha and beta')
    const message = sent('alpha and beta') as SentMessage
    const [wanted, notWanted, , open] = message.keyboard[0] ?? []
    expect(message.keyboard[0]?.map(({ text }) => text)).toEqual(['Wanted', 'Not wanted', 'Snooze 1 h', 'Open'])
    expect(open?.url).toMatch(/^https:\/\/t\.me\//)
    stage.bot.press(message, wanted?.callback_data ?? '', 666)
    await noted('Only the owner can answer.')
    stage.bot.press(message, 'wanted:999', ADMIN)
    await noted('There is no alert 999.')
    expect([await sourcesOf('Alpha'), message.keyboard[0]?.[0]?.text]).toEqual([[], 'Wanted'])
    stage.bot.press(message, wanted?.callback_data ?? '', ADMIN)
    await noted('Wanted: kept for Alpha, Beta.')
    await until('the mark', () => message.keyboard[0]?.[0]?.text === '✓ Wanted')
    expect([await sourcesOf('Alpha'), await sourcesOf('Beta')]).toEqual([[[true, 'bot']], [[true, 'bot']]])
    stage.bot.press(message, notWanted?.callback_data ?? '', ADMIN)
    await until('the other mark', () => message.keyboard[0]?.[1]?.text === '✓ Not wanted')
    expect([message.keyboard[0]?.[0]?.text, await sourcesOf('Beta')]).toEqual(['Wanted', [[false, 'bot']]])
  })

  it('tell an alert again in the chat where it was snoozed, also over a crash', async () => {
    await stage.ask('/start')
    await stage.post('alpha for later')
    await stage.told('alpha for later')
    const message = sent('alpha for later') as SentMessage
    stage.bot.press(message, message.keyboard[0]?.[2]?.callback_data ?? '', ADMIN)
    await noted('Snoozed: it is told again in an hour.')
    await until('it to be confirmed', () => stage.bot.pending === 0)
    await stage.crash()
    const database = new Database(stage.sentinel.databasePath)
    database.prepare('UPDATE snoozes SET until = ?').run(Date.now())
    database.close()
    await stage.start()
    await stage.told('Again: ')
    await settled()
    expect([stage.times('alpha for later'), stage.times('Again: ')]).toEqual([2, 1])
    expect(sent('Again: ')?.keyboard[0]).toHaveLength(4)
  })
})
