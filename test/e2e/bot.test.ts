import { ADMIN, BotStage } from '../bot-api/bot-stage'
import { BOT_NAME } from '../bot-api/bot-api-server'
import { until } from '../support/until'

const STRANGER = 6001
const GROUP = -777

let stage: BotStage

beforeAll(async () => {
  stage = await BotStage.open()
})

afterAll(() => stage.close())

describe('the bot', () => {
  it('starts, introduces itself and says so in the status', async () => {
    expect(await stage.running()).toEqual({ state: 'running', username: BOT_NAME, message: 'The bot is listening.' })
    expect(stage.bot.commands.map(({ command }) => command)).toEqual([
      'start',
      'help',
      'status',
      'my_channels',
      'add_channel',
      'remove_channel',
      'alerts',
      'digest',
      'pause',
      'resume',
    ])
  })

  it('helps, also where it is asked for something that it does not know', async () => {
    const help = await stage.ask('/help')
    for (const command of ['/start', '/my_channels', '/add_channel', '/resume']) expect(help).toContain(command)
    expect(await stage.ask('/nonsense')).toBe(help)
    expect(await stage.ask('good morning')).toBe(help)
    expect(await stage.ask(`/help@${BOT_NAME}`)).toBe(help)
  })

  it('refuses a stranger politely, once, and does nothing for him', async () => {
    expect(await stage.ask('/start', { from: STRANGER })).toMatch(/private bot/)
    for (const text of ['/status', '/add_channel @newswire', 'hello']) stage.bot.say({ from: STRANGER, text })
    await until('all of it to be taken', () => stage.bot.pending === 0)
    await stage.ask('/help')
    expect(stage.bot.textsTo(STRANGER)).toHaveLength(1)
    await stage.post('alpha for admins')
    await stage.ask('/help')
    expect(stage.bot.textsTo(STRANGER)).toHaveLength(1)
  })

  it('obeys admins alone in groups, and is silent there to what is not meant for it', async () => {
    const inGroup = { chat: GROUP, chatType: 'group' as const }
    for (const text of ['/status', `/start@${BOT_NAME}`]) stage.bot.say({ from: STRANGER, text, ...inGroup })
    for (const text of ['hello all', '/start@another_bot', '/weather']) stage.bot.say({ from: ADMIN, text, ...inGroup })
    expect(await stage.ask(`/status@${BOT_NAME}`, { from: ADMIN, ...inGroup })).toMatch(/^Signed in as Alex/)
    expect(stage.bot.textsTo(GROUP)).toHaveLength(1)
  })

  it('tells how things are', async () => {
    const status = await stage.ask('/status')
    expect(status).toMatch(
      /^Signed in as Alex \(@alexmorgan\)\.\nConnected to Telegram\.\nNo calls to Telegram wait\.\nNo flood wait\./,
    )
    expect(status).toMatch(/Today: \d+ messages?, \d+ alerts?\. Unread: \d+ alerts?\./)
    await stage.telegram.control.floodWait({ method: 'channels.getFullChannel', seconds: 600 })
    await stage.sentinel.api.request('GET', `/api/telegram/chats/${stage.cast.channel}`)
    expect(await stage.ask('/status')).toMatch(
      /Telegram asks to wait with channels\.getFullChannel for \d+ more seconds/,
    )
  })

  it('lists the newest alerts with score, chat, text and reasons', async () => {
    await stage.post('alpha one', stage.cast.channel)
    await stage.post('alpha *two* _with_ [markup](x) <b>', stage.cast.group, stage.cast.mara)
    const two = await stage.ask('/alerts 2')
    expect(two).toMatch(/^The newest 2 alerts, newest first:/)
    expect(two).toContain('[3] Alpha · Mara Lind in Family\n')
    expect(two).toContain('alpha *two* _with_ [markup](x) <b>')
    expect(two).toContain('Why: “alpha” (security) +3')
    expect(two).toContain('[3] Alpha · News\nalpha one')
    expect(two).toMatch(/https:\/\/t\.me\/newswire\/\d+/)
    expect(await stage.ask('/alerts 1')).toMatch(/^The newest alert, newest first:\n\n\[3\]/)
    expect(await stage.ask('/alerts many')).toMatch(/^Say how many/)
    expect(stage.bot.sent.every(({ parameters }) => !('parse_mode' in parameters))).toBe(true)
  })

  it('pages an answer that is too long for one message', async () => {
    for (let n = 0; n < 30; n++)
      await stage.telegram.control.postMessage({ chat: stage.cast.channel, text: `alpha ${n} ${'x'.repeat(500)}` })
    await until('30 more alerts', async () => (await stage.alertIds()).length >= 33)
    const before = stage.bot.textsTo(ADMIN).length
    stage.bot.say({ from: ADMIN, text: '/alerts 30' })
    const pages = await until('all pages', () => {
      const texts = stage.bot.textsTo(ADMIN).slice(before)
      return texts.some((text) => text.includes('alpha 0 ')) && texts
    })
    expect(pages.length).toBeGreaterThan(1)
    for (const page of pages) expect(page.length).toBeLessThanOrEqual(4096)
    for (let n = 0; n < 30; n++) expect(pages.join('\n').split(`alpha ${n} `)).toHaveLength(2)
  })

  it('puts the best of the last day into a digest, with counts by profile', async () => {
    await stage.telegram.control.postMessage({ chat: stage.cast.channel, text: 'beta only' })
    await stage.telegram.control.postMessage({ chat: stage.cast.channel, text: 'alpha beta https://example.org ?' })
    await until('their alerts', async () => (await stage.sentinel.api.alerts({ q: 'beta' })).length >= 2)
    const digest = await stage.ask('/digest')
    const all = await stage.sentinel.api.alerts()
    const of = (name: string) => all.filter(({ profiles }) => profiles.some((profile) => profile.name === name)).length
    expect(digest).toContain(`The last 24 hours: ${all.length} alerts.\nAlpha: ${of('Alpha')}\nBeta: ${of('Beta')}`)
    expect(digest).toContain('The best 10, by score:')
    const scores = [...digest.matchAll(/^\[([\d.]+)\]/gm)].map(([, score]) => Number(score))
    expect(scores).toEqual(
      all
        .map(({ score }) => score)
        .sort((a, b) => b - a)
        .slice(0, 10),
    )
  })

  it('lists what is watched, with the mode, and takes a chat out of it', async () => {
    const list = await stage.ask('/my_channels')
    expect(list).toMatch(/^Everything is watched\. 4 channels and groups watched\./)
    expect(list).toContain('News (@newswire)')
    expect(list).toContain('Family (')
    expect(list).not.toContain('Mara')
    expect(await stage.ask('/remove_channel @NewsWire')).toBe(
      'News (@newswire) is watched no longer. Your account stays a member; leave it in a Telegram app if you like.',
    )
    expect(await stage.ask('/remove_channel @newswire')).toBe('News (@newswire) is not watched.')
    expect(await stage.ask('/remove_channel @nowhere_at_all')).toMatch(/not known here/)
    expect(await stage.ask('/remove_channel')).toMatch(/^Name the chat/)
    expect(await stage.ask('/my_channels')).toMatch(/^Everything is watched but for 1 chat taken out\. 3 channels/)
    const { api } = stage.sentinel
    await api.request('PUT', '/api/telegram/watch', { json: { mode: 'picked', chats: [String(stage.cast.group)] } })
    expect(await stage.ask('/my_channels')).toMatch(
      /^Picked chats are watched\. 1 channel or group watched\.\n\n1\. Family/,
    )
    await api.request('PUT', '/api/telegram/watch', { json: { mode: 'all' } })
  })

  it('answers what came while it was away, and nothing twice', async () => {
    const before = stage.bot.textsTo(ADMIN).length
    await stage.crash()
    stage.bot.say({ from: ADMIN, text: '/pause' })
    stage.bot.say({ from: ADMIN, text: '/alerts 1' })
    await stage.start()
    await until('both answers', () => stage.bot.textsTo(ADMIN).length >= before + 2)
    await stage.stop()
    expect(stage.bot.pending).toBe(0)
    await stage.start()
    await stage.running()
    await stage.ask('/status')
    expect(stage.bot.textsTo(ADMIN)).toHaveLength(before + 3)
  })

  it('does not do again what it did, even where it was killed before it could confirm', async () => {
    stage.bot.say({ from: ADMIN, text: '/help' })
    const before = await until('the answer', () => {
      const texts = stage.bot.textsTo(ADMIN)
      return texts.at(-1)?.startsWith('I tell you') && texts.length
    })
    const last = stage.bot.say({ from: STRANGER, text: 'x' })
    await until('all of it to be taken', () => stage.bot.pending === 0)
    await stage.crash()
    // As if the confirmation had never come.
    stage.bot.repeat({ from: ADMIN, text: '/help' }, last - 1)
    await stage.start()
    expect(await stage.ask('/status')).toMatch(/^Signed in|^Not signed in/)
    expect(stage.bot.textsTo(ADMIN)).toHaveLength(before + 1)
  })

  it('keeps its token out of every log', () => {
    expect(stage.leaks).toEqual([])
  })
})
