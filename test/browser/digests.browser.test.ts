import type { components } from '../../openapi/generated/sentinel'
import { DestinationsClient } from '../support/destinations'
import { HttpReceiver } from '../support/http-receiver'
import { until } from '../support/until'
import { show } from './browser'
import { PageStage, widthOf } from './page-stage'

type Digest = components['schemas']['Digest']

const PHONE = '+12025550144'
const WIDTHS = [1280, 360]

/** Digests in the page: added, shown before, sent by hand, changed and deleted; and the time zone that they are meant in. */
describe('the digests view', () => {
  let stage: PageStage
  let receiver: HttpReceiver

  beforeAll(async () => {
    receiver = await HttpReceiver.start()
    stage = await PageStage.open({ DELIVERY_ALLOW: receiver.place })
    const { control, telegram } = stage
    await control.createAccount({ firstName: 'Alex', username: 'alexmorgan', phone: PHONE })
    const { chat } = await control.createChannel({ title: 'News' })
    await telegram.signIn(PHONE)
    const { api } = telegram.sentinel
    await until('the ledger', async () => (await api.coverage()).chats.length >= 1)
    await api.createProfile({ name: 'Leaks', keywords: { general: { words: ['leak'] } } })
    const target = { kind: 'webhook', url: receiver.url }
    await api.request('POST', '/api/destinations', { json: { name: 'Hook', target, hears: { alerts: false } } })
    for (const text of ['A leak <b>was</b> found', 'Another leak']) await control.postMessage({ chat, text })
    await until('alerts', async () => (await api.alerts()).length === 2)
  })

  afterAll(async () => {
    await stage.close()
    await receiver.stop()
  })

  it('offers the zone of the browser, and takes no other name', async () => {
    const { page } = await stage.visit('Digests', { timezoneId: 'Asia/Kathmandu' })
    const field = page.getByLabel('Your time zone')
    await page.getByText('Not set yet: UTC counts. This browser is in').waitFor()
    await field.fill('Mars/Olympus')
    await page.getByRole('button', { name: 'Save time zone' }).click()
    await page.getByTestId('field-error').getByText('is no time zone').waitFor()
    await page.getByRole('button', { name: /^Use Asia/ }).click()
    await page.getByRole('button', { name: 'Save time zone' }).click()
    await page.getByText('Times of day are meant by its clocks').waitFor()
    await page.getByText('Saved. It counts from now on.').waitFor()
    const { body } = await stage.telegram.sentinel.api.request('GET', '/api/time-zone')
    expect(body).toMatchObject({ data: { is_set: true, time_zone: expect.stringMatching(/^Asia\/Kat/) } })
  })

  it.each(WIDTHS)(
    'adds a digest, shows what it would say, sends it and says how that went, at %i px',
    async (width) => {
      const { page, misdeeds } = await stage.visit('Digests', { viewport: { width, height: 900 } })
      await page.getByRole('link', { name: 'New digest' }).click()
      await page.getByTestId('digest-form').getByLabel('Profile').selectOption({ label: 'Leaks' })
      await page.getByLabel('Destination').selectOption({ label: 'Hook' })
      await page.getByLabel('How often').selectOption({ label: 'Every week' })
      await page.getByLabel('Day of the week').selectOption({ label: width > 400 ? 'Friday' : 'Sunday' })
      await page.getByLabel('Time of day').fill('07:30')
      await page.getByRole('button', { name: 'Add digest' }).click()
      await page.getByTestId('digest-state').getByText('Next:').waitFor()
      await page
        .getByText(width > 400 ? 'Every week on Friday at 07:30' : 'It has not run yet.')
        .first()
        .waitFor()
      await page.getByRole('button', { name: 'Preview' }).click()
      const preview = page.getByTestId('digest-preview')
      for (const text of ['A sample: the last day.', 'Leaks: 2 alerts', /Coverage: [1-9]\d* messages seen/])
        await preview.getByText(text).waitFor()
      const before = receiver.received.length
      await page.getByRole('button', { name: 'Send now' }).click()
      expect((await receiver.nth(before + 1)).json).toMatchObject({ type: 'digest' })
      await page.getByTestId('digest-runs').getByText('Sent', { exact: true }).waitFor()
      expect(await widthOf(page)).toBeLessThanOrEqual(width)
      if (process.env['SCREENSHOTS'])
        await page.screenshot({ path: `${process.env['SCREENSHOTS']}/digests-${width}.png`, fullPage: true })
      expect(misdeeds).toEqual([])
    },
  )

  it('changes a digest, and deletes it once that is confirmed', async () => {
    const { page, misdeeds } = await stage.visit('Digests')
    await page.getByTestId('digest-list').getByRole('link').first().click()
    await page.getByLabel('How often').selectOption({ label: 'Every 6 hours' })
    await page.getByLabel('Switched on').uncheck()
    await page.getByRole('button', { name: 'Save digest' }).click()
    await page.getByText('Saved. It counts from the next time on.').waitFor()
    await page.getByTestId('digest-list').getByText('Every 6 hours, counted from 07:30').waitFor()
    await page.getByTestId('digest-list').getByText('Off', { exact: true }).waitFor()
    await page.getByRole('button', { name: 'Delete this digest…' }).click()
    await page.getByRole('button', { name: 'Yes, delete this digest' }).click()
    await until('one digest', async () => (await page.getByTestId('digest-list').getByRole('link').count()) === 1)
    expect(misdeeds).toEqual([])
  })

  it('saves under the revision that its form began with, and says what a hidden tab missed', async () => {
    const client = new DestinationsClient(() => stage.telegram.sentinel.api)
    const { digests } = await client.take<{ digests: Digest[] }>('GET', '/api/digests')
    const { id, profile_id, destination_id, schedule } = digests[0] as Digest
    const { page } = await stage.visit('Digests')
    await page.getByTestId('digest-list').getByRole('link').first().click()
    await page.getByLabel('Least score').fill('2')
    await page.getByRole('button', { name: 'Save digest' }).click()
    await page.getByText('Saved. It counts from the next time on.').waitFor()
    await show(page, 'hidden')
    const elsewhere = { ...schedule, at: '09:45' }
    await client.take('PUT', `/api/digests/${id}`, { profile_id, destination_id, schedule: elsewhere, top_n: 7 })
    await show(page, 'visible')
    await page.getByTestId('stale').waitFor()
    await page.getByTestId('digest-state').getByText(/:45/).first().waitFor()
    await page.getByLabel('Least score').fill('3')
    await page.getByRole('button', { name: 'Save digest' }).click()
    await page.getByText('This digest was changed meanwhile').waitFor()
    expect(await client.take('GET', `/api/digests/${id}`)).toMatchObject({ top_n: 7, schedule: elsewhere })
    await page.getByRole('button', { name: 'Show it as it is now' }).click()
    expect(await page.getByLabel('Time of day').inputValue()).toBe('09:45')
    await page.getByLabel('Least score').fill('3')
    await page.getByRole('button', { name: 'Save digest' }).click()
    await page.getByText('Saved. It counts from the next time on.').waitFor()
    expect(await client.take('GET', `/api/digests/${id}`)).toMatchObject({ top_n: 7, min_score: 3 })
  })

  it.each(WIDTHS)('holds what is sent while it is paused, snoozed or quiet, and says so, at %i px', async (width) => {
    const { page, misdeeds } = await stage.visit('Deliveries', { viewport: { width, height: 900 } })
    await page.getByRole('link', { name: 'Do not disturb' }).click()
    const state = page.getByTestId('restraint-state')
    await page.getByRole('button', { name: 'Pause all' }).click()
    await state.getByText('Paused, until you go on.').waitFor()
    await page.getByRole('button', { name: 'Go on', exact: true }).click()
    await state.getByText('You are told at once.').waitFor()
    await page.getByRole('button', { name: 'For 4 hours' }).click()
    await state.getByText('Snoozed.').waitFor()
    await page.getByTestId('snoozes').getByRole('button', { name: 'End' }).click()
    await state.getByText('You are told at once.').waitFor()
    await page.getByRole('button', { name: 'Add quiet hours' }).click()
    await page.getByRole('button', { name: 'Pause all' }).click()
    await state.getByText('Paused, until you go on.').waitFor()
    await page.getByRole('button', { name: 'Go on', exact: true }).click()
    await state.getByText('You are told at once.').waitFor()
    await page.getByTestId('quiet-span').last().getByLabel('From').fill('00:00')
    await page.getByTestId('quiet-span').last().getByLabel('To').fill('00:00')
    await page.getByRole('button', { name: 'Add a limit' }).click()
    await page.getByLabel('Words of the category Urgency').check()
    await page.getByRole('button', { name: 'Save rules' }).click()
    await state.getByText('Quiet hours.').waitFor()
    expect(await widthOf(page)).toBeLessThanOrEqual(width)
    const shots = process.env['SCREENSHOTS']
    if (shots) await page.screenshot({ path: `${shots}/restraint-${width}.png`, fullPage: true })
    await page.getByTestId('quiet-span').getByRole('button', { name: 'Remove these hours' }).first().click()
    await page.getByRole('button', { name: 'Save rules' }).click()
    await state.getByText('You are told at once.').waitFor()
    expect(misdeeds).toEqual([])
  })
})
