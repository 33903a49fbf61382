import { Webhook } from 'standardwebhooks'
import { HttpReceiver, type Received } from '../../../../test/support/http-receiver'
import { PushBrowser, vapidClaims } from '../../../../test/support/push-browser'
import { MailReceiver } from '../../../../test/support/mail-receiver'
import type { DestinationTarget } from '../model'
import { AddressGuard } from '../outgoing/address-guard'
import { ALLOWED_NOTHING, parseAllowList } from '../outgoing/allow-list'
import { Outgoing } from '../outgoing/outgoing'
import type { StoredSecrets } from '../store/destinations'
import { escaped, styledText } from '../styled-text'
import type { Outcome, Told } from './notifier'
import { notifierOf } from './notifiers'
import { keepsTopics, newPushKeys } from './web-push'
import { newSigningSecret } from './webhook-signature'

const HOSTILE =
  '<b>not bold</b> **nor this** _or_ `this` [link](http://evil.example) @everyone <!channel> &amp; "quoted" 🙂'
const LINK = 'https://t.me/c/1/77_a_b'
const TOLD: Told = {
  messageId: 'msg_1',
  kind: 'alert',
  isUrgent: false,
  title: 'News: <b>& more',
  body: styledText(`<b>Loud</b> and <a href="${LINK}">there</a>\n${escaped(HOSTILE)}\n${LINK}`),
  link: LINK,
  data: { id: 7 },
  atMs: 1_800_000_000_000,
}

const pushKeys = newPushKeys()
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

function outgoing(allow: string): Outgoing {
  return new Outgoing(new AddressGuard(parseAllowList(allow) ?? ALLOWED_NOTHING), 1000)
}

function send(target: DestinationTarget, secrets: StoredSecrets, door = outgoing('127.0.0.0/8'), told = TOLD) {
  const nowhere = () => Promise.reject(new Error('not this way'))
  const ways = { telegram: nowhere, bot: nowhere, pushKeys: () => pushKeys, onText: () => undefined }
  const doors = { outgoing: door, ...ways, now: Date.now }
  return notifierOf({ target, secrets }, doors).send(told, new AbortController().signal)
}

interface Kind {
  target: (base: string) => DestinationTarget
  secrets: (base: string) => StoredSecrets
  /** The text that somebody who reads it there sees. */
  read: (received: Received) => string
  gone?: number
}

const unescapedHtml = (html: string) => styledText(html.replaceAll('<br>\n', '\n')).text

/** Every kind that posts to an address. */
const KINDS: Record<string, Kind> = {
  webhook: {
    target: (url) => ({ kind: 'webhook', url: `${url}/hook` }),
    secrets: () => ({ signing_secret: newSigningSecret() }),
    read: ({ json }) => (json['data'] === undefined ? '' : TOLD.body.text),
  },
  ntfy: {
    target: (server) => ({ kind: 'ntfy', server, topic: 'alerts', priority: 4 }),
    secrets: () => ({ token: 'tk_secret' }),
    read: ({ json }) => String(json['message']).replace(` (${LINK})`, ''),
  },
  gotify: {
    target: (server) => ({ kind: 'gotify', server: `${server}/` }),
    secrets: () => ({ token: 'A.secret' }),
    read: ({ json }) => String(json['message']).replace(` (${LINK})`, ''),
  },
  discord: {
    target: () => ({ kind: 'discord' }),
    secrets: (url) => ({ url: `${url}/api/webhooks/1/secret` }),
    read: ({ json }) =>
      String(json['content'])
        .replace('**Loud**', 'Loud')
        .replace(`[there](<${LINK}>)`, 'there')
        .replace(/\\([^A-Za-z0-9\s])/g, '$1'),
    gone: 404,
  },
  slack: {
    target: () => ({ kind: 'slack' }),
    secrets: (url) => ({ url: `${url}/services/T/B/secret` }),
    read: ({ json }) => {
      const [block] = json['blocks'] as { elements: { elements: { text: string }[] }[] }[]
      return (block?.elements[0]?.elements ?? []).map(({ text }) => text).join('')
    },
    gone: 404,
  },
  matrix: {
    target: (server) => ({ kind: 'matrix', server, room: '!room:example.org' }),
    secrets: () => ({ token: 'syt_secret' }),
    read: ({ json }) => unescapedHtml(String(json['formatted_body'])),
  },
  apprise: {
    target: (server) => ({ kind: 'apprise', server, key: 'mine' }),
    secrets: () => ({}),
    read: ({ json }) => String(json['body']).replace(` (${LINK})`, ''),
  },
  web_push: {
    target: () => ({ kind: 'web_push' }),
    secrets: (url) => ({ subscription: browser.subscriptionAt(`${url}/push/secret`) }),
    read: (received) => browser.read(received).body.replace(` (${LINK})`, ''),
    gone: 404,
  },
}

describe.each(Object.entries(KINDS))('a destination of the kind %s', (_name, kind) => {
  const deliver = (door?: Outgoing) => send(kind.target(receiver.url), kind.secrets(receiver.url), door)

  async function outcomeFor(status: number, headers: Record<string, string> = {}): Promise<Outcome> {
    receiver.answer = { status, headers, body: 'whsec_ of the remote' }
    return deliver()
  }

  it('is told once, and reads the text as it is', async () => {
    expect(await deliver()).toEqual({ type: 'sent' })
    expect(receiver.received).toHaveLength(1)
    expect(kind.read(receiver.received[0] as Received)).toBe(TOLD.body.text)
  })

  it('is asked again later where it fails, and after the wait that it asks for', async () => {
    for (const status of [500, 502, 503, 401, 403])
      expect(await outcomeFor(status)).toMatchObject({ type: 'later', retryAfterMs: null })
    for (const status of [429, 503])
      expect(await outcomeFor(status, { 'Retry-After': '37' })).toMatchObject({ type: 'later', retryAfterMs: 37_000 })
  })

  it('is gone where it says so', async () => {
    expect(await outcomeFor(410)).toMatchObject({ type: 'gone' })
    if (kind.gone) expect(await outcomeFor(kind.gone)).toMatchObject({ type: 'gone' })
  })

  it('is not followed elsewhere', async () => {
    const outcome = await outcomeFor(302, { Location: `${receiver.url}/elsewhere` })
    expect(outcome).toMatchObject({ type: 'later', problem: expect.stringContaining('redirect') })
    expect(receiver.received).toHaveLength(1)
  })

  it('is not reached where its address is not allowed, not there, or silent', async () => {
    expect(await deliver(outgoing(''))).toMatchObject({
      type: 'later',
      problem: expect.stringContaining('DELIVERY_ALLOW'),
    })
    expect(receiver.received).toHaveLength(0)
    receiver.answer = 'silence'
    expect(await deliver()).toMatchObject({ type: 'later', problem: expect.stringContaining('in time') })
    await receiver.stop()
    expect(await deliver()).toMatchObject({ type: 'later', problem: expect.stringContaining('Nobody listens') })
    await receiver.listen()
  })

  it('keeps secrets and the words of the remote out of what is told', async () => {
    for (const status of [400, 401, 404, 410, 500])
      expect(JSON.stringify(await outcomeFor(status))).not.toMatch(/whsec_|_secret|\.secret|\/secret/)
  })
})

describe('a webhook', () => {
  const url = () => `${receiver.url}/hook`
  const headersOf = ({ headers }: Received) => headers as Record<string, string>

  it('is signed as the reference library wants it', async () => {
    const secret = newSigningSecret()
    await send({ kind: 'webhook', url: url() }, { signing_secret: secret })
    const [one] = receiver.received as [Received]
    expect(new Webhook(secret).verify(one.text, headersOf(one))).toEqual({
      type: 'alert',
      timestamp: '2027-01-15T08:00:00.000Z',
      data: { id: 7 },
    })
    expect(one.headers['webhook-id']).toBe('msg_1')
    expect(() => new Webhook(newSigningSecret()).verify(one.text, headersOf(one))).toThrow()
  })

  it('is signed by the former secret, too, until a rotation is over', async () => {
    const [present, former] = [newSigningSecret(), newSigningSecret()]
    const secrets = { signing_secret: present, former_secret: former, former_until: Date.now() + 60_000 }
    await send({ kind: 'webhook', url: url() }, secrets)
    const [one] = receiver.received as [Received]
    for (const secret of [present, former]) new Webhook(secret).verify(one.text, headersOf(one))
    await send({ kind: 'webhook', url: url() }, { ...secrets, former_until: Date.now() - 1 })
    const two = receiver.received[1] as Received
    new Webhook(present).verify(two.text, headersOf(two))
    expect(() => new Webhook(former).verify(two.text, headersOf(two))).toThrow()
  })

  it('is tried again whatever it answers but success and 410', async () => {
    for (const status of [400, 404, 413, 422]) {
      receiver.answer = { status }
      expect(await send({ kind: 'webhook', url: url() }, { signing_secret: newSigningSecret() })).toMatchObject({
        type: 'later',
      })
    }
  })
})

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
    const { message } = await push({ data: { id: 7, profile_name: 'Security' } }, true)
    expect(message).toMatchObject({ title: 'New alert in Security', body: '', link: null, address: '#/alerts/7' })
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

describe('what is sent', () => {
  it('to Discord rings nobody, and to Matrix is one event under its id', async () => {
    await send({ kind: 'discord' }, { url: receiver.url })
    expect(receiver.received[0]?.json['allowed_mentions']).toEqual({ parse: [] })
    await send({ kind: 'matrix', server: receiver.url, room: '!r:x' }, { token: 't' })
    const { method, path } = receiver.received[1] as Received
    expect([method, path]).toEqual(['PUT', '/_matrix/client/v3/rooms/!r%3Ax/send/m.room.message/msg_1'])
  })
})

describe('mail', () => {
  const target = (port: number, more: object = {}) => ({
    ...{ kind: 'email' as const, host: '127.0.0.1', port, security: 'none' as const },
    ...{ from: 'sentinel@example.org', to: ['alex@example.org', 'mara@example.org'] },
    ...more,
  })

  it('arrives with the same id whenever it is sent', async () => {
    const mails = await MailReceiver.start()
    for (let n = 0; n < 2; n++) expect(await send(target(mails.port), {})).toEqual({ type: 'sent' })
    expect(mails.mails).toHaveLength(2)
    for (const mail of mails.mails) {
      expect(mail).toMatchObject({ from: 'sentinel@example.org', to: ['alex@example.org', 'mara@example.org'] })
      expect(mail.source).toContain('Message-ID: <msg_1@tg-sentinel>')
      expect(mail.source).toContain('Subject: News: <b>& more')
      expect(mail.source).toContain('&lt;b&gt;not bold')
    }
    await mails.stop()
  })

  it('did not arrive where the server refused one of the receivers', async () => {
    const mails = await MailReceiver.start()
    mails.refused = { 'mara@example.org': 451 }
    const problem = expect.stringContaining('mara@example.org (451); the others have it') as string
    expect(await send(target(mails.port), {})).toMatchObject({ type: 'later', problem })
    mails.refused = { 'mara@example.org': 550 }
    expect(await send(target(mails.port), {})).toMatchObject({ type: 'rejected' })
    expect(mails.mails.map(({ to }) => to)).toEqual([['alex@example.org'], ['alex@example.org']])
    await mails.stop()
  })

  it('is signed in for, tried again later, or given up, by the codes of the server', async () => {
    const mails = await MailReceiver.start('right')
    const signedIn = target(mails.port, { username: 'alex' })
    expect(await send(signedIn, { password: 'right' })).toEqual({ type: 'sent' })
    expect(await send(signedIn, { password: 'wrong' })).toMatchObject({
      type: 'later',
      problem: expect.stringContaining('password'),
    })
    mails.answers = [451, 554]
    expect(await send(signedIn, { password: 'right' })).toMatchObject({ type: 'later' })
    expect(await send(signedIn, { password: 'right' })).toMatchObject({ type: 'rejected' })
    await mails.stop()
  })

  it('is not sent without the encryption that was asked for, nor where the address is not allowed', async () => {
    const mails = await MailReceiver.start()
    const encrypted = target(mails.port, { security: 'starttls' })
    expect(await send(encrypted, {})).toMatchObject({ type: 'later', problem: expect.stringContaining('STARTTLS') })
    expect(await send(target(mails.port), {}, outgoing(''))).toMatchObject({
      type: 'later',
      problem: expect.stringContaining('DELIVERY_ALLOW'),
    })
    expect(mails.mails).toHaveLength(0)
    const { port } = mails
    await mails.stop()
    expect(await send(target(port), {})).toMatchObject({ type: 'later' })
  })
})
