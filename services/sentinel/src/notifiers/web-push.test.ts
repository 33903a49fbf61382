import { HttpReceiver, type Received } from '../../../../test/support/http-receiver'
import { LINK, pushKeys, send, TOLD } from '../../../../test/support/notifying'
import { PushBrowser, vapidClaims } from '../../../../test/support/push-browser'
import type { Told } from './notifier'
import { keepsTopics } from './web-push'

const browser = new PushBrowser()

let receiver: HttpReceiver

beforeAll(async () => {
  receiver = await HttpReceiver.start()
})

beforeEach(() => {
  receiver.received.length = 0
  receiver.answer = { status: 200 }
})

afterAll(() => receiver.stop())

describe('web push', () => {
  const subscription = () => browser.subscriptionAt(`${receiver.url}/push/secret`)
  const push = async (told: Partial<Told> = {}, discreet = false) => {
    const before = receiver.received.length
    const outcome = await send({ kind: 'web_push', discreet }, { subscription: subscription() }, undefined, {
      ...TOLD,
      ...told,
    })
    const received = receiver.received[before] as Received
    return { outcome, received, message: browser.read(received) }
  }

  it('is decrypted as RFC 8291 has it in its example', () => {
    const example = new PushBrowser({
      privateKey: 'q1dXpw3UpT5VOmu_cf_v6ih07Aems3njxI-JWgLcM94',
      auth: 'BTBZMqHH6r4Tts7J_aSIgg',
    })
    const body =
      'DGv6ra1nlYgDCS1FRnbzlwAAEABBBP4z9KsN6nGRTbVYI_c7VJSPQTBtkgcy27mlmlMoZIIgDll6e3vCYLocInmYWAmS6TlzAC8wEqKK6PBru3jl7A_yl95bQpu6cVPTpK4Mqgkf1CXztLVBSt2Ks3oZwbuwXPXLWyouBWLVWGNWQexSgSxsj_Qulcy4a-fN'
    expect(example.decrypt(Buffer.from(body, 'base64url'))).toBe('When I grow up, I want to be a watermelon')
  })

  it('says who sends it, how long it is kept, how urgent it is, and by which topic a repeat is known', async () => {
    const messageId = `msg_${'0123456789abcdef'.repeat(2)}`
    const { received, message } = await push({ messageId })
    const { authorization = '', ...headers } = received.headers
    const claims = vapidClaims(authorization, pushKeys.publicKey)
    expect(claims).toMatchObject({ aud: receiver.url, sub: expect.stringMatching(/^mailto:/) })
    expect(claims.exp * 1000 - Date.now()).toBeLessThan(24 * 3600 * 1000)
    expect(headers).toMatchObject({ 'content-encoding': 'aes128gcm', ttl: '259200', urgency: 'normal' })
    expect(headers['topic']).toBe('0123456789abcdef'.repeat(2))
    expect(message).toMatchObject({
      title: TOLD.title,
      tag: messageId,
      address: '#/alerts/7',
      link: LINK,
      urgent: false,
    })
    const { received: urgent, message: loud } = await push({ isUrgent: true })
    expect([urgent.headers['urgency'], loud.urgent]).toEqual(['high', true])
    const test = await push({ kind: 'test', data: {} })
    expect([test.received.headers['ttl'], test.message.address]).toEqual(['300', '#/deliveries'])
  })

  it.each([
    ['letters', 'x'],
    ['pictures of four bytes', '🙂'],
    ['what JSON escapes', '"\\\n'],
    ['three bytes', '漢'],
  ])('loses the end of a long text by whole characters: %s', async (_what, piece) => {
    const { outcome, received, message } = await push({ body: { text: piece.repeat(9000), marks: [] } })
    expect(outcome).toEqual({ type: 'sent' })
    expect(received.bytes.length).toBeLessThanOrEqual(4096)
    expect(received.bytes.length).toBeGreaterThan(4096 - 16)
    expect(message.body.endsWith('…')).toBe(true)
    expect(`${piece.repeat(9000)}`.startsWith(message.body.slice(0, -1))).toBe(true)
    expect(message.body).not.toMatch(/\p{Surrogate}/u)
  })

  it('tells a discreet destination not a word of what was said', async () => {
    const { message } = await push({ data: { id: 7, profiles: [{ name: 'Security' }, { name: 'News' }] } }, true)
    expect(message).toMatchObject({ title: 'New alert in Security, News', body: '', link: null, address: '#/alerts/7' })
    const test = await push({ kind: 'test', title: 'By a template', data: {} }, true)
    expect(test.message).toMatchObject({ title: 'A test of TG Sentinel', body: '' })
  })

  it.each([
    ['https://updates.push.services.mozilla.com/wpush/v2/x', true],
    ['https://web.push.apple.com/x', true],
    ['https://fcm.googleapis.com/fcm/send/x', false],
    ['https://jmt17.google.com/fcm/send/x', false],
    ['https://notgoogle.com/x', true],
  ])('has a topic where the push service keeps as many as there are: %s', (endpoint, keeps) => {
    expect(keepsTopics(endpoint)).toBe(keeps)
  })

  it('names the next step where our key is refused, and gives up what is too large', async () => {
    for (const status of [400, 401, 403]) {
      receiver.answer = { status }
      expect((await push()).outcome).toMatchObject({
        type: 'later',
        problem: expect.stringMatching(new RegExp(`\\(${status}\\).*open Deliveries in that browser`)),
      })
    }
    receiver.answer = { status: 413 }
    expect((await push()).outcome).toMatchObject({ type: 'rejected' })
    receiver.answer = { status: 201 }
    expect((await push()).outcome).toEqual({ type: 'sent' })
  })
})
