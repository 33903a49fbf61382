import { SAMPLE_DRAFT } from './sample-draft'
import { PASSWORD, UiHarness } from './ui-harness'

let ui: UiHarness
beforeEach(async () => {
  ui = await UiHarness.start()
  await ui.setUp()
})
afterEach(() => ui.stop())

const path = (profile: string | number) => `/api/drafts/profiles/${profile}`
const keep = (profile: string | number, json: object = SAMPLE_DRAFT) => ui.send('PUT', path(profile), { json })
const draftOf = async (profile: string | number) =>
  (await ui.get(path(profile))).body.data['draft'] as unknown as null | { saved_at: string }

test('what was typed is there again as it was typed, each profile’s its own, until it is thrown away', async () => {
  const before = Date.now()
  expect((await keep(7, { ...SAMPLE_DRAFT, revision: 3 })).status).toBe(200)
  const draft = await draftOf(7)
  expect(draft).toEqual({ ...SAMPLE_DRAFT, revision: 3, saved_at: expect.any(String) })
  expect(Date.parse(draft?.saved_at ?? '')).toBeGreaterThanOrEqual(before)
  for (const other of ['new', 'copy-7', 8]) expect(await draftOf(other)).toBeNull()
  await ui.send('DELETE', path(7))
  expect(await draftOf(7)).toBeNull()
})

test('the last one counts', async () => {
  await keep('new')
  await keep('new', { ...SAMPLE_DRAFT, form: { ...SAMPLE_DRAFT.form, name: 'Typed' } })
  expect(await draftOf('new')).toMatchObject({ form: { name: 'Typed' } })
})

test('a browser has its own, and they go with its session', async () => {
  await keep('new')
  const first = ui.cookie
  await ui.post('/api/auth/login', { password: PASSWORD })
  expect(await draftOf('new')).toBeNull()
  const second = ui.cookie
  ui.cookie = first
  expect(await draftOf('new')).not.toBeNull()
  await ui.post('/api/auth/logout', undefined)
  ui.cookie = second
  expect(await draftOf('new')).toBeNull()
})

test('they stay over a restart, twenty of them at the most, none larger than 256 kB', async () => {
  for (let id = 1; id <= 25; id++) await keep(id)
  await ui.ui.close()
  await ui.startUi()
  const kept = []
  for (let id = 1; id <= 25; id++) if (await draftOf(id)) kept.push(id)
  expect(kept).toHaveLength(20)
  expect(kept).toContain(25)
  const form = { ...SAMPLE_DRAFT.form, vips: 'x'.repeat(262_144) }
  expect((await keep('new', { ...SAMPLE_DRAFT, form })).body.code).toBe('PAYLOAD_TOO_LARGE')
})
