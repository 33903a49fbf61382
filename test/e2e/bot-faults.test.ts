import { ADMIN, BotStage } from '../bot-api/bot-stage'
import { SentinelProcess } from '../support/sentinel-process'
import { until } from '../support/until'

let stage: BotStage

beforeAll(async () => {
  stage = await BotStage.open()
  await stage.running()
  await stage.ask('/start')
})

afterEach(async () => {
  stage.bot.faults.clear()
  expect(stage.leaks).toEqual([])
})

afterAll(() => stage.close())

/** Messages are stored and alerts raised, whatever becomes of the bot. */
async function captureGoesOn(text: string): Promise<void> {
  await stage.post(text)
  expect(await stage.sentinel.api.alerts({ q: text })).toHaveLength(1)
  expect(await stage.sentinel.api.status()).toMatchObject({ authorized: true, connected: true, storage: 'ok' })
}

async function recovers(text: string): Promise<void> {
  await stage.running()
  // The answer to /alerts names it, too, whenever it comes.
  const isTold = (told: string) => told.includes(text) && !told.startsWith('The newest alert')
  await until('the alert', () => stage.bot.textsTo(ADMIN).some(isTold))
  // Nothing is under way any more that could be taken for the answer.
  expect(await stage.ask('/status')).toMatch(/^Signed in/)
  expect(stage.bot.textsTo(ADMIN).filter(isTold)).toHaveLength(1)
}

describe('trouble with the Bot API', () => {
  it('429: waits as long as it is asked to, and says so', async () => {
    stage.bot.faults.flood('getUpdates', 3)
    stage.bot.endPoll()
    const { message } = await until('the wait', async () => {
      const { bot } = await stage.sentinel.api.status()
      return bot.message.includes('asks to wait 3 seconds') && bot
    })
    expect(message).toMatch(/goes on by itself/)
    const polls = stage.bot.pollCount()
    await captureGoesOn('alpha while flooded')
    expect(stage.bot.pollCount()).toBe(polls)
    await recovers('alpha while flooded')
  })

  it('409: another program polls; it waits, and comes back', async () => {
    stage.bot.faults.error('getUpdates', 409, 'Conflict: terminated by other getUpdates request', 2)
    stage.bot.pollElsewhere()
    expect((await stage.reaches('waiting')).message).toMatch(/^Another program reads this bot/)
    await captureGoesOn('alpha in conflict')
    await recovers('alpha in conflict')
  })

  it('500, cut connections and nonsense: tries again', async () => {
    stage.bot.faults.error('getUpdates', 502, 'Bad Gateway')
    stage.bot.faults.fail('getUpdates', { kind: 'drop' })
    stage.bot.faults.fail('getUpdates', { kind: 'nonsense' })
    stage.bot.endPoll()
    expect((await stage.reaches('waiting')).message).toMatch(/cannot be reached/)
    await captureGoesOn('alpha without a network')
    await recovers('alpha without a network')
  })

  it('an answer is sent although the first tries fail, and one that never ends holds nothing up', async () => {
    stage.bot.faults.error('sendMessage', 500, 'Internal Server Error')
    stage.bot.faults.fail('sendMessage', { kind: 'drop' })
    expect(await stage.ask('/help')).toMatch(/^I tell you/)
    stage.bot.faults.fail('sendMessage', { kind: 'silence' })
    const before = stage.bot.textsTo(ADMIN).length
    stage.bot.say({ from: ADMIN, text: '/help' })
    await captureGoesOn('alpha in silence')
    stage.bot.say({ from: ADMIN, text: '/status', chat: -5, chatType: 'group' })
    await until('another chat to be answered', () => stage.bot.textsTo(-5).length === 1)
    expect(stage.bot.textsTo(ADMIN)).toHaveLength(before)
    await until('the answer', () => stage.bot.textsTo(ADMIN).length > before, 40_000)
  })

  it('gone for a while: capture goes on, and what came meanwhile is told and answered', async () => {
    await stage.bot.stop()
    expect((await stage.reaches('waiting')).message).toMatch(/cannot be reached/)
    await captureGoesOn('alpha in the dark')
    stage.bot.say({ from: ADMIN, text: '/alerts 1' })
    await stage.bot.listen()
    await recovers('alpha in the dark')
    expect(stage.bot.textsTo(ADMIN).filter((text) => text.startsWith('The newest alert'))).toHaveLength(1)
  })

  it('401: stands still with a sentence, keeps quiet, and starts with a valid token', async () => {
    stage.bot.token = '1:another-token-than-the-sentinels'
    stage.bot.endPoll()
    expect(await stage.reaches('refused')).toMatchObject({
      message: expect.stringMatching(/does not accept the token/),
    })
    const calls = stage.bot.calls.length
    await captureGoesOn('alpha without a token')
    expect(stage.bot.calls.length).toBe(calls)
    await stage.stop()
    await stage.start()
    await stage.reaches('refused')
    stage.bot.restoreToken()
    await stage.stop()
    await stage.start()
    await recovers('alpha without a token')
  })

  it('a sentinel without a token has no bot', async () => {
    const bare = await SentinelProcess.start({ env: stage.telegram.env })
    expect((await bare.api.status()).bot).toEqual({ state: 'off', username: null, message: 'No bot is set up.' })
    await bare.stop()
  })

  it('a Bot API that never answers at the start keeps neither the start nor the end waiting', async () => {
    stage.bot.faults.fail('*', { kind: 'silence' }, 1000)
    const env = { ...stage.telegram.env, ...stage.bot.env(ADMIN) }
    const other = await SentinelProcess.start({ env })
    expect((await other.api.status()).bot.state).toBe('starting')
    expect(await other.stop()).toEqual({ code: 0, signal: null })
  })
})
