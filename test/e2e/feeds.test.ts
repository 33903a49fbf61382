import Database from '@tgsentinel/sqlite-driver'
import { XMLParser, XMLValidator } from 'fast-xml-parser'
import { Conversation, usualCast } from '../support/conversation'
import { fetchAgain } from '../support/fetch-again'
import { PASSWORD, UiProcess } from '../support/ui-process'

interface Entry {
  id: string
  title: string
  content: string
  link: string | undefined
  date: string
}

const FORMATS = ['rss', 'atom', 'json'] as const
type Format = (typeof FORMATS)[number]
const TYPES = { rss: 'application/rss+xml', atom: 'application/atom+xml', json: 'application/feed+json' }
/** What XML 1.0 allows (section 2.2). */
const ALLOWED = /^[\t\n\r\u{20}-\u{d7ff}\u{e000}-\u{fffd}\u{10000}-\u{10ffff}]*$/u
const TITLE = ']]><item><title>mine</title></item>]]> & &amp; <b>'
const HEADLINE = 'bulletin ]]> ]]> <script>alert(1)</script> &lt; "quoted" 👩‍👩‍👧'
const TEXT = `${HEADLINE} \u0000\u0001\u000b\u001f\ufffe\uffff\n]]></content:encoded><x>&nbsp;`
const CONTENT = [
  'bulletin ]]&gt; ]]&gt; &lt;script&gt;alert(1)&lt;/script&gt; &amp;lt; &quot;quoted&quot; 👩‍👩‍👧 <br>',
  ']]&gt;&lt;/content:encoded&gt;&lt;x&gt;&amp;nbsp;',
]
const DRAFT = { name: 'R&amp;D <news>', keywords: { general: { words: ['bulletin'] } }, one_per_story: false }

/** As a feed reader sees it: it knows the address, and nothing else. */
describe('a profile’s feed', () => {
  let talk: Conversation
  let cast: Awaited<ReturnType<typeof usualCast>> & { hostile: number }
  let ui: UiProcess
  let profileId: number
  let secret: string

  beforeAll(async () => {
    const prepare = async (stage: Parameters<typeof usualCast>[0]) => {
      const { chat } = await stage.control.createChannel({ title: TITLE, username: 'hostile' })
      return { ...(await usualCast(stage)), hostile: chat }
    }
    ;({ talk, cast } = await Conversation.open(prepare, { env: { LOG_LEVEL: 'debug' } }))
    ui = await UiProcess.start(talk.sentinel.baseUrl, { LOG_LEVEL: 'debug', UI_ADMIN_PASSWORD: PASSWORD })
    profileId = (await talk.sentinel.api.createProfile(DRAFT)).id
    secret = await renewed(profileId)
  })

  afterAll(async () => {
    await ui.stop()
    await talk.close()
  })

  async function renewed(profile: number): Promise<string> {
    const { body } = await talk.sentinel.api.request<{ data: { secret: string } }>(
      'PUT',
      `/api/profiles/${profile}/feed`,
    )
    return body.data.secret
  }

  const read = (format: string, init: RequestInit = {}, of = secret) =>
    fetchAgain(`${ui.baseUrl}api/feeds/${of}/${format}`, init)

  async function entries(format: Format): Promise<Entry[]> {
    const reply = await read(format)
    expect([reply.status, reply.headers.get('content-type')]).toEqual([200, `${TYPES[format]}; charset=utf-8`])
    return READERS[format](await reply.text())
  }

  it.each(FORMATS)('has no entry before there is an alert (%s)', async (format) => {
    expect(await entries(format)).toEqual([])
  })

  it.each(FORMATS)('tells an alert whole, whatever is in it (%s)', async (format) => {
    const [alert] = await talk.alertsFor({ chat: cast.hostile, text: TEXT })
    const [entry] = await entries(format)
    const plain = `${TITLE}: ${HEADLINE}`
    expect(entry).toEqual({
      id: `urn:tgsentinel:alert:${alert?.id}`,
      title: { rss: plain.replaceAll(']]>', ']] >'), atom: escapedOf(plain), json: plain }[format],
      content: CONTENT.join('\n'),
      link: `https://t.me/hostile/${alert?.message_id}`,
      date: alert?.posted_at,
    })
  })

  it('names the profile in each format', async () => {
    expect((await xml('rss'))['rss'].channel.title).toBe(DRAFT.name)
    expect((await xml('atom'))['feed'].title).toBe(DRAFT.name)
    expect(((await (await read('json')).json()) as { title: string }).title).toBe(DRAFT.name)
  })

  async function xml(format: 'rss' | 'atom') {
    return parse(await (await read(format)).text())
  }

  it('has an entry without a link where Telegram has no address for a message', async () => {
    await talk.post({ chat: cast.group, from: cast.mara, text: 'a bulletin' })
    for (const format of FORMATS) expect((await entries(format))[0]).toMatchObject({ link: undefined })
  })

  it.each(FORMATS)('is not sent again to who has it, until there is more (%s)', async (format) => {
    const first = await read(format)
    const etag = first.headers.get('etag') ?? ''
    const again = await read(format, { headers: { 'If-None-Match': `W/${etag}` } })
    expect([again.status, again.headers.get('etag'), await again.text()]).toEqual([304, etag, ''])
    const head = await read(format, { method: 'HEAD' })
    expect([head.status, head.headers.get('etag')]).toEqual([200, etag])
    await talk.post({ chat: cast.channel, text: `another bulletin, for ${format}` })
    const more = await read(format, { headers: { 'If-None-Match': etag } })
    expect(more.status).toBe(200)
    expect(more.headers.get('etag')).not.toBe(etag)
  })

  it('tells the newest fifty, without those that were shown to learn from', async () => {
    for (let i = 0; i < 52; i++) await talk.send({ chat: cast.channel, text: `bulletin ${i}` })
    await talk.settled()
    const [newest] = await talk.sentinel.api.alerts({ profile: profileId })
    const database = new Database(talk.sentinel.databasePath)
    database.prepare('UPDATE alert_profiles SET is_exploration = 1 WHERE alert_id = ?').run(newest?.id)
    database.close()
    const told = (await entries('json')).map(({ title }) => title)
    expect(told).toEqual(Array.from({ length: 50 }, (_, i) => `News: bulletin ${50 - i}`))
  })

  it('is open to strangers by the ui alone, to be read and nothing else', async () => {
    expect((await fetchAgain(`${talk.sentinel.baseUrl}/api/feeds/${secret}/rss`)).status).toBe(401)
    for (const method of ['POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'])
      expect([method, (await read('rss', { method })).status]).toEqual([method, 401])
    for (const place of [`profiles/${profileId}/feed`, `feeds/${secret}`, `feeds/${secret}/rss/`, 'alerts'])
      expect([place, (await fetchAgain(`${ui.baseUrl}api/${place}`)).status]).toEqual([place, 401])
  })

  it('stands under the base path of the page', async () => {
    const below = await UiProcess.start(talk.sentinel.baseUrl, { BASE_PATH: '/tg/', UI_ADMIN_PASSWORD: PASSWORD })
    const statusOf = async (path: string) => (await fetchAgain(below.baseUrl + path)).status
    expect([await statusOf(`tg/api/feeds/${secret}/rss`), await statusOf(`api/feeds/${secret}/rss`)]).toEqual([
      200, 404,
    ])
    await below.stop()
  })

  it('answers alike whatever is wrong with the secret: replaced, switched off, its profile deleted, or never there', async () => {
    const { id } = await talk.sentinel.api.createProfile({ ...DRAFT, name: 'Short-lived' })
    const ended = [await renewed(id), await renewed(id)]
    expect([(await read('rss', {}, ended[0])).status, (await read('rss', {}, ended[1])).status]).toEqual([404, 200])
    await talk.sentinel.api.request('DELETE', `/api/profiles/${id}/feed`)
    expect((await read('rss', {}, ended[1])).status).toBe(404)
    ended.push(await renewed(id))
    await talk.sentinel.api.deleteProfile(id)
    const others = ['x', secret.slice(0, -1), `${secret}x`, 'A'.repeat(43), 'A'.repeat(4000), '%00', '%2f', 'null']
    const answers = new Set<string>()
    for (const wrong of [...ended, ...others]) {
      const reply = await read('atom', {}, wrong)
      answers.add(`${reply.status} ${await reply.text()}`)
    }
    expect([...answers]).toEqual([expect.stringMatching(/^404 .*NOT_FOUND/)])
    expect(talk.rows('SELECT secret FROM feeds WHERE profile_id = ?', id)).toEqual([])
  })

  it('has 256 random bits for a secret, which no log has', async () => {
    expect(Buffer.from(secret, 'base64url')).toHaveLength(32)
    const token = { Authorization: `Bearer ${talk.sentinel.token}` }
    for (const base of [`${talk.sentinel.baseUrl}/`, ui.baseUrl])
      for (const place of ['rss', 'xml', 'rss/', '', 'rss?x=1'])
        for (const method of ['GET', 'HEAD', 'POST', 'DELETE'])
          await fetchAgain(`${base}api/feeds/${secret}/${place}`, { method, headers: token }).then((reply) =>
            reply.text(),
          )
    const encoded = `%${secret.charCodeAt(0).toString(16)}${secret.slice(1)}`
    expect((await read('rss', {}, encoded)).status).toBe(200)
    for (const { output } of [ui, talk.sentinel]) {
      expect(output).toContain('"path":"/api/feeds/*/rss"')
      expect(output).not.toContain(secret.slice(1))
    }
    const audit = new Database(`${ui.dataDir}/ui/ui.db`, { readonly: true })
    const noted = JSON.stringify(audit.prepare('SELECT * FROM audit_log').all())
    audit.close()
    expect(noted).not.toMatch(/readFeed \d/)
    expect(noted).not.toContain(secret)
  })
})

function escapedOf(text: string): string {
  const names: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' }
  return text.replace(/[&<>"]/g, (one) => names[one] ?? '')
}

// Rows of a parsed document: of whatever form it turned out to be.
// eslint-disable-next-line @typescript-eslint/no-explicit-any
type Parsed = Record<string, any>

function parse(text: string): Parsed {
  expect(text).toMatch(ALLOWED)
  expect(XMLValidator.validate(text)).toBe(true)
  const isList = (name: string) => name === 'item' || name === 'entry'
  return new XMLParser({ ignoreAttributes: false, trimValues: false, isArray: isList }).parse(text) as Parsed
}

const READERS: Record<Format, (text: string) => Entry[]> = {
  rss: (text) =>
    ((parse(text)['rss'].channel.item ?? []) as Parsed[]).map((item) => ({
      id: item['guid']['#text'],
      title: item['title'],
      content: item['content:encoded'],
      link: item['link'],
      date: new Date(item['pubDate']).toISOString(),
    })),
  atom: (text) =>
    ((parse(text)['feed'].entry ?? []) as Parsed[]).map((entry) => ({
      id: entry['id'],
      title: entry['title']['#text'],
      content: entry['content']['#text'],
      link: entry['link']?.['@_href'],
      date: entry['published'],
    })),
  json: (text) =>
    (JSON.parse(text) as { items: Record<string, string>[] }).items.map((item) => ({
      id: item['id'] ?? '',
      title: item['title'] ?? '',
      content: item['content_html'] ?? '',
      link: item['url'],
      date: item['date_published'] ?? '',
    })),
}
