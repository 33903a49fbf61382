import { parse } from 'yaml'
import type { components } from '../../openapi/generated/sentinel'
import { EventsClient } from '../support/events-client'
import { SentinelProcess } from '../support/sentinel-process'
import { randomFile } from '../support/random-settings'
import { acts, ask, exported, exportedYaml, imported, made, type SettingsFile } from '../support/settings-client'

type Destination = components['schemas']['Destination']

const SECRET = 'Gotify-says-hush'
const YEAR_2099 = '2099-01-01T00:00:00.000Z'

const opened: SentinelProcess[] = []

async function open(env: Record<string, string> = {}): Promise<SentinelProcess> {
  const sentinel = await SentinelProcess.start({ env })
  opened.push(sentinel)
  return sentinel
}

afterAll(async () => {
  await Promise.all(opened.map((sentinel) => sentinel.stop().catch(() => undefined)))
})

async function refusal(sentinel: SentinelProcess, file: object | string): Promise<string> {
  const content = typeof file === 'string' ? file : JSON.stringify(file)
  const { status, body } = await sentinel.api.request<{ code: string; message: string }>(
    'POST',
    '/api/settings/import',
    { json: { content } },
  )
  expect([status, body.code]).toEqual([400, 'INVALID_IMPORT'])
  return body.message
}

/** Something of everything that can be configured. */
async function fill(sentinel: SentinelProcess): Promise<void> {
  const security = await made(sentinel, '/api/profiles', {
    name: 'Security «Ünïcode»',
    min_score: 2.5,
    keywords: { security: { words: ['zero day', 'уязвимость', 'yes', '0123', 'null', '# hash'], weight: 2 } },
    queries: [{ query: '"data leak" NEAR/5 client* OR re:/CVE-\\d+/', weight: 3 }],
    scope: { chats: ['@news', '-1001234567890'], kinds: ['channel'] },
    interest: { positive_samples: ['line one\nline two: "quoted"'] },
    enabled: false,
  })
  const jobs = await made(sentinel, '/api/profiles', { name: 'Jobs', detectors: { mention: 3 } })
  const template = await made(sentinel, '/api/templates', { name: 'Short', title: '', body: '{{ text }}\n' })
  const hook = await made(sentinel, '/api/destinations', {
    name: 'Saved',
    target: { kind: 'saved_messages' },
    hears: { profiles: [security, jobs], min_score: 3 },
    template_id: template,
    rate_per_minute: 7,
  })
  const topic = await made(sentinel, '/api/destinations', {
    name: 'Topic',
    target: { kind: 'ntfy', topic: 'alerts', priority: 4 },
    enabled: false,
  })
  await made(sentinel, '/api/digests', {
    profile_id: jobs,
    destination_id: hook,
    schedule: { kind: 'daily', at: '07:30' },
  })
  await made(sentinel, '/api/digests', {
    ...{ profile_id: security, destination_id: null, enabled: false, when_empty: 'tell', top_n: 5 },
    schedule: { kind: 'weekly', at: '09:00', weekday: 'friday' },
  })
  await ask(sentinel, 'PUT', '/api/restraint', {
    quiet_hours: [{ days: ['monday', 'sunday'], from: '22:00', to: '07:00' }],
    urgent: { min_score: 10, categories: ['urgency'] },
    caps: [{ profile_id: jobs, most: 3, per: 'hour' }],
    snoozes: [{ profile_id: security, until: YEAR_2099 }],
    paused: { all: false, destinations: [topic] },
  })
  await ask(sentinel, 'PUT', '/api/dictionary', {
    groups: [
      ['person', 'people'],
      ['он', 'она'],
    ],
  })
  await ask(sentinel, 'PUT', '/api/time-zone', { time_zone: 'Europe/Berlin' })
  await ask(sentinel, 'PUT', '/api/telegram/watch', {
    mode: 'picked',
    chats: ['-1001'],
    folders: [3],
    excluded: ['42'],
  })
  await ask(sentinel, 'PUT', '/api/retention', {
    kinds: { bot: { max_age_days: 30, max_messages: 1000 } },
    max_size_mb: 5000,
  })
}

describe('the settings as one file', () => {
  let filled: SentinelProcess
  let file: SettingsFile

  beforeAll(async () => {
    filled = await open()
    await fill(filled)
    file = await exported(filled)
  })

  it('has all that was configured, by names, and reads the same as YAML', async () => {
    expect(file).toMatchObject({ version: 1, time_zone: 'Europe/Berlin', watch: { mode: 'picked', folders: [3] } })
    expect(file.profiles?.map(({ name }) => name)).toEqual(expect.arrayContaining(['Security «Ünïcode»', 'Jobs']))
    expect(file.destinations?.[0]).toMatchObject({
      hears: { profiles: ['Security «Ünïcode»', 'Jobs'] },
      template: 'Short',
    })
    expect(file.digests?.[0]).toMatchObject({ profile: 'Jobs', destination: 'Saved', schedule: { at: '07:30' } })
    expect(file.restraint).toMatchObject({ caps: [{ profile: 'Jobs' }], paused: { destinations: ['Topic'] } })
    expect(JSON.stringify(file)).not.toMatch(/"(id|revision|profile_id|created_at)"/)
    expect(parse(await exportedYaml(filled))).toEqual(file)
  })

  it('changes nothing where it came from, in either form', async () => {
    for (const content of [JSON.stringify(file), await exportedYaml(filled)]) {
      const changes = await imported(filled, content)
      expect(changes.length).toBeGreaterThan(10)
      expect(acts(changes)).toEqual([])
    }
    expect(await exported(filled)).toEqual(file)
  })

  it('makes a fresh sentinel the same, after a dry run that changes nothing', async () => {
    const fresh = await open()
    const before = await exported(fresh)
    const planned = await imported(fresh, file, true)
    expect(await exported(fresh)).toEqual(before)
    const events = await EventsClient.open(fresh)
    expect(await imported(fresh, file)).toEqual(planned)
    expect(await exported(fresh)).toEqual(file)
    for (const type of ['profiles', 'digest', 'delivery', 'retention', 'status']) await events.next(type)
    events.close()
    expect(acts(await imported(fresh, file))).toEqual([])
  })
})

describe('any settings', () => {
  let one: SentinelProcess

  beforeAll(async () => {
    one = await open()
  })

  it.each([1, 2, 3, 4, 5, 6, 7, 8])(
    'of seed %i are in force once they are imported, and exported as they are',
    async (seed) => {
      const file = randomFile(seed)
      const planned = await imported(one, file, true)
      expect(await imported(one, file)).toEqual(planned)
      expect(acts(await imported(one, file))).toEqual([])
      const whole = await exported(one)
      expect(acts(await imported(one, whole))).toEqual([])
      expect(acts(await imported(one, await exportedYaml(one)))).toEqual([])
      expect(await exported(one)).toEqual(whole)
    },
  )
})

describe('a file of settings', () => {
  let sentinel: SentinelProcess

  beforeAll(async () => {
    sentinel = await open()
    await made(sentinel, '/api/profiles', { name: 'Jobs' })
  })

  it.each<[string, object | string, RegExp]>([
    ['of another version', { version: 2 }, /version must be 1/],
    ['that is none', 'just a text', /must be an object/],
    ['with a fault of syntax', 'version: 1\nprofiles: [', /line 2, column \d+/],
    ['with an unknown field', { version: 1, profile: [] }, /unknown field: profile/],
    [
      'with a secret',
      { version: 1, destinations: [{ name: 'A', target: { kind: 'discord' }, secrets: {} }] },
      /destinations.0 .*unknown field: secrets/,
    ],
    [
      'with a wrong value',
      { version: 1, profiles: [{ name: 'A' }, { name: 'B', min_score: -1 }] },
      /profiles.1.min_score must be at least 0/,
    ],
    [
      'with a wrong query',
      { version: 1, profiles: [{ name: 'A', queries: [{ query: '(a' }] }] },
      /^profiles.0.queries.0.query: Query 1/,
    ],
    [
      'with a word that can never match',
      { version: 1, profiles: [{ name: 'A', keywords: { risk: { words: ['fire', '#'] } } }] },
      /^profiles.0.keywords.risk.words.1: “#” can never match/,
    ],
    [
      'with a dictionary that says nothing',
      { version: 1, dictionary: { groups: [['person', '...']] } },
      /^dictionary.groups.0.1: “...” can never match/,
    ],
    ['with a name twice', { version: 1, profiles: [{ name: 'A' }, { name: ' A ' }] }, /^profiles.1.name: .*twice/],
    [
      'with a wrong template',
      { version: 1, templates: [{ name: 'A', title: '', body: '{{ text | nothing }}' }] },
      /^templates.0: The body/,
    ],
    [
      'with a password in an address',
      { version: 1, destinations: [{ name: 'A', target: { kind: 'webhook', url: 'https://a:b@example.org/' } }] },
      /^destinations.0: target/,
    ],
    [
      'with a profile that is not there',
      { version: 1, digests: [{ profile: 'Nobody', destination: null, schedule: { kind: 'daily' } }] },
      /^digests.0.profile: .*“Nobody”/,
    ],
    [
      'with a destination that is not there',
      { version: 1, digests: [{ profile: 'Jobs', destination: 'Nowhere', schedule: { kind: 'daily' } }] },
      /^digests.0.destination: .*“Nowhere”/,
    ],
    [
      'with a digest that has nowhere to go',
      { version: 1, digests: [{ profile: 'Jobs', destination: null, schedule: { kind: 'daily' } }] },
      /^digests.0.destination: .*needs a destination/,
    ],
    [
      'with a template that is not there',
      { version: 1, destinations: [{ name: 'A', target: { kind: 'saved_messages' }, template: 'None' }] },
      /^destinations.0.template/,
    ],
    [
      'with a cap of nobody',
      { version: 1, restraint: { caps: [{ profile: 'Nobody', most: 1, per: 'day' }] } },
      /^restraint.caps.0.profile/,
    ],
    ['with no time zone', { version: 1, time_zone: 'Europe/Atlantis' }, /^time_zone: .*Atlantis/],
    [
      'with a chat picked and left out',
      { version: 1, watch: { mode: 'picked', chats: ['5'], excluded: ['5'] } },
      /^watch: .*both/,
    ],
    ['with a null character', 'version: 1\nprofiles: [{ name: "a\\0b" }]', /null character/],
    ['with a prototype', '{"version":1,"__proto__":{"isAdmin":true}}', /unknown field/],
    [
      'that refers to itself without end',
      `version: 1\na: &a [x, x]\n${'bcdefghi'
        .split('')
        .map((name, index) => `${name}: &${name} [${`*${'abcdefgh'[index]}, `.repeat(9)}]`)
        .join('\n')}`,
      /refers to itself/,
    ],
    ['that is too long', `version: 1 # ${'x'.repeat(2_000_000)}`, /at most 2000000 characters|more than 2000000/],
  ])('%s is refused, by its place, and nothing of it is in force', async (_what, content, reason) => {
    const before = await exported(sentinel)
    if (typeof content === 'string' && content.length > 2_000_000) {
      const { status, body } = await sentinel.api.request('POST', '/api/settings/import', { json: { content } })
      expect([status, JSON.stringify(body)]).toEqual([400, expect.stringMatching(reason)])
    } else {
      const whole =
        typeof content === 'string'
          ? content
          : { time_zone: 'Asia/Tokyo', dictionary: { groups: [['a', 'b']] }, ...content }
      expect(await refusal(sentinel, whole)).toMatch(reason)
    }
    expect(await exported(sentinel)).toEqual(before)
  })

  it('leaves what it does not have as it is, and says what becomes different', async () => {
    await ask(sentinel, 'PUT', '/api/time-zone', { time_zone: 'UTC' })
    const changes = await imported(
      sentinel,
      'version: 1\nprofiles:\n  - { name: Jobs, min_score: 4, keywords: { general: { words: [rust] } } }\n',
    )
    expect(changes).toEqual([
      { kind: 'profile', name: 'Jobs', action: 'update', fields: ['min_score', 'keywords.general'], message: null },
    ])
    expect((await exported(sentinel)).time_zone).toBe('UTC')
    const jobs = (await sentinel.api.profiles()).find(({ name }) => name === 'Jobs')
    const { revisions } = await ask<{ revisions: { action: string; by: string }[] }>(
      sentinel,
      'GET',
      `/api/profiles/${jobs?.id}/revisions`,
    )
    expect(revisions[0]).toMatchObject({ action: 'imported', by: 'api' })
  })

  it('keeps the secrets that are there, and switches off what lacks one', async () => {
    const draft = { name: 'Gotify', target: { kind: 'gotify', server: 'https://gotify.example.org' } }
    const id = await made(sentinel, '/api/destinations', { ...draft, secrets: { token: SECRET } })
    await made(sentinel, '/api/destinations', {
      name: 'Hook',
      target: { kind: 'webhook', url: 'https://hooks.example.org/1' },
    })
    const file = await exported(sentinel)
    expect(JSON.stringify(file)).not.toContain(SECRET)
    expect(JSON.stringify(file)).not.toContain('whsec_')
    await imported(sentinel, { version: 1, destinations: [{ ...draft, rate_per_minute: 3 }] })
    const kept = await ask<Destination>(sentinel, 'GET', `/api/destinations/${id}`)
    expect(kept).toMatchObject({ enabled: true, rate_per_minute: 3, secrets_set: ['token'] })
    const moved = { ...draft, target: { kind: 'gotify', server: 'https://elsewhere.example.org' } }
    expect(await imported(sentinel, { version: 1, destinations: [moved] })).toMatchObject([
      {
        action: 'update',
        fields: ['enabled', 'target.server', 'rate_per_minute'],
        message: expect.stringContaining('Enter it'),
      },
    ])
    expect(await ask(sentinel, 'GET', `/api/destinations/${id}`)).toMatchObject({ enabled: false, secrets_set: [] })
    const fresh = await open()
    const changes = await imported(fresh, file)
    const told = changes.filter(({ kind, message }) => kind === 'destination' && message)
    expect(told.map(({ name, action }) => [name, action])).toEqual([
      ['Gotify', 'create'],
      ['Hook', 'create'],
    ])
    const { destinations } = await exported(fresh)
    expect(destinations?.map(({ enabled }) => enabled)).toEqual([false, false])
    expect(acts(await imported(fresh, file))).toEqual([])
  })

  it('does not make a browser hear that never said so, nor its digest', async () => {
    const push = { name: 'Firefox', target: { kind: 'web_push' } }
    const digest = { profile: 'Jobs', destination: 'Firefox', schedule: { kind: 'hourly', at: '00:15' } }
    const file = {
      version: 1,
      destinations: [push],
      digests: [digest],
      restraint: { paused: { all: false, destinations: ['Firefox'] } },
    }
    const changes = await imported(sentinel, file)
    expect(changes).toMatchObject([
      { kind: 'destination', action: 'skip', message: expect.stringContaining('open the page') },
      { kind: 'digest', action: 'create', message: expect.stringContaining('Choose another destination') },
      { kind: 'restraint', action: 'unchanged' },
    ])
    expect((await exported(sentinel)).digests).toMatchObject([{ profile: 'Jobs', destination: null, enabled: false }])
    expect(acts(await imported(sentinel, file))).toEqual(['skip destination Firefox'])
  })

  it('moves a digest to another time of its kind, and adds one of another kind', async () => {
    const saved = { name: 'Saved', target: { kind: 'saved_messages' } }
    const of = (kind: string, at: string) => ({ profile: 'Jobs', destination: 'Saved', schedule: { kind, at } })
    await imported(sentinel, {
      version: 1,
      destinations: [saved],
      digests: [of('daily', '08:00'), of('daily', '18:00')],
    })
    const changes = await imported(sentinel, {
      version: 1,
      digests: [of('daily', '18:00'), of('daily', '09:00'), of('weekly', '10:00')],
    })
    expect(changes.map(({ action, fields }) => [action, fields])).toEqual([
      ['unchanged', []],
      ['update', ['schedule.at']],
      ['create', []],
    ])
  })

  it('comes as a form, too', async () => {
    const form = new FormData()
    form.append('settings_file', new Blob(['version: 1\ntime_zone: Asia/Tokyo\n']), 'tgsentinel.yml')
    const { status, body } = await sentinel.api.request('POST', '/api/settings/import', { body: form })
    expect([status, body]).toMatchObject([200, { message: 'In force: 1 changed.', data: { dry_run: false } }])
    expect((await exported(sentinel)).time_zone).toBe('Asia/Tokyo')
  })
})
