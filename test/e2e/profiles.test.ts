import { Conversation, usualCast } from '../support/conversation'
import type { components } from '../../openapi/generated/sentinel'
import type { RequestOptions } from '../support/api-client'
import { EventsClient } from '../support/events-client'
import { makeTemporaryFolder, removeFolder } from '../support/temporary-folder'
import { SentinelProcess } from '../support/sentinel-process'
import type { Profile } from '../support/sentinel-api'

type Schemas = components['schemas']

const RULES = { name: 'Alpha', min_score: 1, keywords: { general: { words: ['alpha'] } } }

describe('revisions of a profile', () => {
  let folder: string
  let sentinel: SentinelProcess

  beforeAll(async () => {
    folder = makeTemporaryFolder()
    sentinel = await SentinelProcess.start({ dataDir: folder })
  })

  afterAll(async () => {
    await sentinel.stop()
    removeFolder(folder)
  })

  function ask<T>(method: string, path: string, options: RequestOptions = {}) {
    return sentinel.api.request<{ code?: string; message: string; data: T }>(method, path, options)
  }

  async function revisionsOf(id: number): Promise<Schemas['ProfileRevision'][]> {
    const { body } = await ask<{ revisions: Schemas['ProfileRevision'][] }>('GET', `/api/profiles/${id}/revisions`)
    return body.data.revisions
  }

  it('tell what was changed and by whom, refuse the one who comes late, and bring back what was', async () => {
    const created = await ask<Profile>('POST', '/api/profiles', { json: RULES, headers: { 'X-Actor': 'page' } })
    const { id } = created.body.data
    expect([created.status, created.headers.get('etag'), created.headers.get('cache-control')]).toEqual([
      201,
      '"1"',
      'no-store',
    ])

    const changed = { ...RULES, min_score: 2, keywords: { general: { words: ['beta'] } } }
    const mine = await ask<Profile>('PUT', `/api/profiles/${id}`, { json: changed, headers: { 'If-Match': '"1"' } })
    expect([mine.status, mine.headers.get('etag'), mine.body.data.revision]).toEqual([200, '"2"', 2])

    const theirs = await ask('PUT', `/api/profiles/${id}`, { json: RULES, headers: { 'If-Match': '"1"' } })
    expect([theirs.status, theirs.body.code]).toEqual([412, 'REVISION_CHANGED'])
    expect(theirs.body.message).toBe('This profile was changed meanwhile: it is at revision 2. Load it again.')
    expect((await ask('DELETE', `/api/profiles/${id}`, { headers: { 'If-Match': '"1"' } })).status).toBe(412)

    const same = await ask<Profile>('PUT', `/api/profiles/${id}`, { json: changed, headers: { 'If-Match': 'W/"2"' } })
    expect([same.status, same.headers.get('etag')]).toEqual([200, '"2"'])

    const restore = `/api/profiles/${id}/revisions/1/restore`
    const restored = await ask<Profile>('POST', restore, { headers: { 'If-Match': '"2"', 'X-Actor': 'page' } })
    expect([restored.status, restored.headers.get('etag')]).toEqual([200, '"3"'])
    expect(restored.body.data).toMatchObject({ ...RULES, revision: 3 })

    expect(await revisionsOf(id)).toMatchObject([
      {
        ...{ revision: 3, action: 'restored', by: 'page' },
        changes: [
          { path: 'min_score', before: 2, after: 1 },
          { path: 'keywords.general.words', before: ['beta'], after: ['alpha'] },
        ],
      },
      {
        revision: 2,
        action: 'changed',
        by: 'api',
        changes: [{ path: 'min_score' }, { path: 'keywords.general.words' }],
      },
      { revision: 1, action: 'created', by: 'page', name: 'Alpha', changes: [] },
    ])
  })

  it('survive a restart, and go with their profile', async () => {
    const { id } = await sentinel.api.createProfile({ ...RULES, name: 'Kept' })
    await sentinel.api.replaceProfile(id, { ...RULES, name: 'Kept', enabled: false })
    const before = await revisionsOf(id)
    await sentinel.stop()
    sentinel = await SentinelProcess.start({ dataDir: folder })
    expect(await revisionsOf(id)).toEqual(before)
    const reply = await ask<Profile>('GET', `/api/profiles/${id}`, { headers: { 'If-None-Match': '"2"' } })
    expect([reply.status, reply.headers.get('etag'), reply.headers.get('cache-control')]).toEqual([
      200,
      '"2"',
      'no-store',
    ])
    await sentinel.api.deleteProfile(id)
    expect((await ask('GET', `/api/profiles/${id}/revisions`)).status).toBe(404)
  })

  it('are kept a hundred of, the oldest of them with its changes', async () => {
    const { id } = await sentinel.api.createProfile({ ...RULES, name: 'Busy' })
    for (let score = 2; score <= 105; score++)
      await sentinel.api.replaceProfile(id, { ...RULES, name: 'Busy', min_score: score })
    const revisions = await revisionsOf(id)
    expect(revisions.map(({ revision }) => revision)).toEqual(Array.from({ length: 100 }, (_, index) => 105 - index))
    expect(revisions.at(-1)?.changes).toEqual([{ path: 'min_score', before: 5, after: 6 }])
  })

  it('begin with what was imported: disabled, and with a report', async () => {
    const content =
      'profiles:\n  1001:\n    name: Alpha\n    enabled: true\n    security_keywords: [leak]\n    reply_threshold: 4\n    tags: [brand]\n'
    const { body } = await ask<{ profiles: Schemas['ImportedProfile'][] }>('POST', '/api/profile-import', {
      json: { content },
    })
    const [imported] = body.data.profiles
    expect(imported).toMatchObject({ name: 'Alpha (2)', understood: ['name', 'security_keywords', 'reply_threshold'] })
    expect(imported?.not_understood).toMatchObject([{ path: 'tags' }])
    const profile = (await sentinel.api.profiles()).find(({ id }) => id === imported?.id)
    expect(profile).toMatchObject({ name: 'Alpha (2)', enabled: false, revision: 1, thresholds: { replies: 4 } })
    expect(await revisionsOf(imported?.id ?? 0)).toMatchObject([{ action: 'imported', by: 'api' }])
  })

  it('of an export that is imported again are those of profiles of their own', async () => {
    const before = await sentinel.api.profiles()
    const content = JSON.stringify((await ask('GET', '/api/profiles')).body)
    const { body } = await ask<{ profiles: Schemas['ImportedProfile'][] }>('POST', '/api/profile-import', {
      json: { content },
    })
    expect(body.data.profiles.map(({ not_understood: problems }) => problems)).toEqual(before.map(() => []))
    const added = (await sentinel.api.profiles()).slice(before.length)
    const rulesOf = ({ keywords, detectors, queries, scope, min_score }: Profile) => [
      keywords,
      detectors,
      queries,
      scope,
      min_score,
    ]
    expect(added.map(rulesOf)).toEqual(before.map(rulesOf))
  })

  it('are not begun by a query that cannot be read: it is said where it is wrong', async () => {
    const json = { ...RULES, name: 'Wrong', queries: [{ query: 'alpha' }, { query: 'alpha AND (beta' }] }
    for (const [method, path] of [
      ['POST', '/api/profiles'],
      ['POST', '/api/profile-preview'],
    ] as const) {
      const { status, body } = await ask(method, path, { json })
      expect([status, body.code, body.message]).toEqual([400, 'INVALID_QUERY', expect.stringMatching(/^Query 2: /)])
      const { span } = (body as unknown as Schemas['Failure']).error
      expect(span).toEqual({ offset: expect.any(Number), length: expect.any(Number) })
      expect((body as unknown as Schemas['Failure']).error.field).toBe('queries.1.query')
    }
    expect((await sentinel.api.profiles()).some(({ name }) => name === 'Wrong')).toBe(false)
  })

  it('are not begun by a word that can never match: it is said which, why, and what to write instead', async () => {
    const json = { ...RULES, name: 'Wrong', keywords: { risk: { words: ['fire', 'data. breach'] } } }
    const { status, body } = await ask('POST', '/api/profiles', { json })
    const { error } = body as unknown as Schemas['Failure']
    expect([status, error.code, error.field]).toEqual([400, 'NEVER_MATCHES', 'keywords.risk.words.1'])
    expect(error.message).toMatch(/“data. breach” can never match/)
    expect(error.suggestion).toMatch(/“data breach”/)
    const { body: preview } = await ask<Schemas['ProfilePreview']>('POST', '/api/profile-preview', { json })
    expect(preview.data.words.map(({ never_matches: problem }) => problem)).toEqual([
      null,
      expect.stringMatching(/sentence ends/),
    ])
    const groups = await ask('PUT', '/api/dictionary', { json: { groups: [['person', '#']] } })
    expect([groups.status, groups.body.code]).toEqual([400, 'NEVER_MATCHES'])
  })

  it('of the gallery are begun by taking a profile over as it is', async () => {
    const { body } = await ask<{ profiles: Schemas['GalleryProfile'][] }>('GET', '/api/gallery')
    for (const { profile } of body.data.profiles) await sentinel.api.createProfile(profile)
    expect(body.data.profiles.length).toBeGreaterThanOrEqual(20)
  })
})

describe('a profile among messages', () => {
  let talk: Conversation
  let cast: Awaited<ReturnType<typeof usualCast>>

  beforeAll(async () => {
    ;({ talk, cast } = await Conversation.open(usualCast))
  })

  afterAll(() => talk.close())

  it('finds in its preview what is stored, disabled as it may be, and writes nothing', async () => {
    await talk.post({ chat: cast.channel, text: 'nothing of note' })
    const messageId = await talk.post({ chat: cast.channel, text: 'zephyr is here' })
    const json = { name: 'Preview', enabled: false, keywords: { general: { words: ['zephyr'] } } }
    const { body } = await talk.sentinel.api.request<Schemas['ProfilePreviewReply']>('POST', '/api/profile-preview', {
      json,
    })
    expect(body.data).toMatchObject({
      matched: 1,
      examples: [{ chat: { username: 'newswire' }, message_id: messageId, text: 'zephyr is here', score: 1 }],
      words: [{ word: 'zephyr', found: 1 }],
    })
    expect(body.data.scanned).toBe((await talk.sentinel.api.stats()).total_messages)
    expect((await talk.sentinel.api.profiles()).some(({ name }) => name === 'Preview')).toBe(false)
    expect(await talk.alertsOf(cast.channel, messageId)).toEqual([])
  })

  it('fires on what the dictionary says is a form of its word, from the next message on', async () => {
    await talk.sentinel.api.createProfile({ name: 'Dictionary', keywords: { general: { words: ['qvorum'] } } })
    expect(await talk.alertsFor({ chat: cast.channel, text: 'blorptastic' })).toEqual([])
    const events = await EventsClient.open(talk.sentinel)
    const json = {
      groups: [
        ['qvorum', 'blorptastic', 'Qvorum'],
        ['alone', 'ALONE'],
      ],
    }
    const put = await talk.sentinel.api.request<Schemas['DictionaryReply']>('PUT', '/api/dictionary', { json })
    expect(put.body.data.groups).toEqual([['qvorum', 'blorptastic']])
    await events.next('profiles')
    events.close()
    const alerts = await talk.alertsFor({ chat: cast.channel, text: 'blorptastic again' })
    expect(alerts.map(({ profile_name: name }) => name)).toEqual(['Dictionary'])
    const got = await talk.sentinel.api.request<Schemas['DictionaryReply']>('GET', '/api/dictionary')
    expect(got.body.data).toEqual(put.body.data)
  })
})
