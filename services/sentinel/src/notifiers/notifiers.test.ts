import { HttpReceiver, type Received } from '../../../../test/support/http-receiver'
import { LINK, outgoing, send, TOLD } from '../../../../test/support/notifying'
import { PushBrowser } from '../../../../test/support/push-browser'
import type { DestinationTarget } from '../model'
import type { Outgoing } from '../outgoing/outgoing'
import type { StoredSecrets } from '../store/destinations'
import { styledText } from '../styled-text'
import type { Outcome } from './notifier'
import { newSigningSecret } from './webhook-signature'

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

describe('what is sent', () => {
  it('to Discord rings nobody, and to Matrix is one event under its id', async () => {
    await send({ kind: 'discord' }, { url: receiver.url })
    expect(receiver.received[0]?.json['allowed_mentions']).toEqual({ parse: [] })
    await send({ kind: 'matrix', server: receiver.url, room: '!r:x' }, { token: 't' })
    const { method, path } = receiver.received[1] as Received
    expect([method, path]).toEqual(['PUT', '/_matrix/client/v3/rooms/!r%3Ax/send/m.room.message/msg_1'])
  })
})

describe('what is long or odd', () => {
  const long = (text: string) => ({ ...TOLD, body: styledText(text) })
  const escaped = (text: string) => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;')

  it.each([
    ['signs that are escaped', '*_~|`'.repeat(2000)],
    ['emoji of several parts', '👨‍👩‍👧‍👦🇩🇪'.repeat(900)],
    ['marks everywhere', '<b>b</b><i>i</i><code>c</code>'.repeat(700)],
    ['addresses', 'https://example.org/a_b '.repeat(300)],
    ['an address longer than all', `https://example.org/${'a'.repeat(5000)}`],
    ['links', '<a href="https://example.org/x">y</a>'.repeat(400)],
  ])('is cut whole where it is %s', async (_what, text) => {
    await send({ kind: 'discord' }, { url: receiver.url }, undefined, long(text))
    await send({ kind: 'slack' }, { url: receiver.url }, undefined, long(text))
    await send({ kind: 'matrix', server: receiver.url, room: '!r:x' }, { token: 't' }, undefined, long(text))
    await send({ kind: 'ntfy', server: receiver.url, topic: 't' }, {}, undefined, long(text))
    const [discord, slack, matrix, ntfy] = receiver.received.map(({ json }) => json)
    expect(String(discord?.['content']).length).toBeLessThanOrEqual(2000)
    expect(discord?.['content']).not.toBe('')
    expect(String(slack?.['text'])).not.toMatch(/\p{Surrogate}/u)
    expect(Buffer.byteLength(JSON.stringify(matrix))).toBeLessThanOrEqual(65_000)
    expect(Buffer.byteLength(String(ntfy?.['message']))).toBeLessThanOrEqual(4000)
    for (const json of [discord, slack, matrix, ntfy]) expect(JSON.stringify(json)).not.toMatch(/\\ud[89a-f]/i)
  })

  it('has links that end where a reader ends them', async () => {
    const text = '(see https://example.org/a). 看https://example.org/b。谢谢 “https://example.org/c”'
    await send({ kind: 'slack' }, { url: receiver.url }, undefined, long(escaped(text)))
    const [block] = receiver.received[0]?.json['blocks'] as { elements: { elements: { url?: string }[] }[] }[]
    const urls = (block?.elements[0]?.elements ?? []).flatMap(({ url }) => url ?? [])
    expect(urls).toEqual(['a', 'b', 'c'].map((path) => `https://example.org/${path}`))
  })

  it('has no half of a character', async () => {
    const told = { ...TOLD, title: 'a\ud83d', body: { text: 'b\udd25', marks: [] }, data: { text: 'c\ud83d' } }
    await send({ kind: 'webhook', url: receiver.url }, { signing_secret: newSigningSecret() }, undefined, told)
    await send({ kind: 'gotify', server: receiver.url }, { token: 't' }, undefined, told)
    expect(receiver.received[0]?.json['data']).toEqual({ text: 'c\ufffd' })
    expect(receiver.received[1]?.json).toMatchObject({ title: 'a\ufffd', message: 'b\ufffd' })
  })
})
