import { Conversation, usualCast } from '../support/conversation'
import { DestinationsClient } from '../support/destinations'
import { fetchAgain } from '../support/fetch-again'
import { HttpReceiver } from '../support/http-receiver'
import { PushBrowser } from '../support/push-browser'
import type { Alert } from '../support/sentinel-api'
import { PASSWORD, UiProcess } from '../support/ui-process'

interface Action {
  action: string
  label: string
  url: string
  method: string
  clear: boolean
}

/** A phone with ntfy, and a browser: what their buttons say arrives by the ui, whoever is signed in there. */
describe('answers from where an alert is told', () => {
  const publicUrl = 'https://sentinel.example/tg'
  let talk: Conversation
  let cast: Awaited<ReturnType<typeof usualCast>>
  let ui: UiProcess
  let phone: HttpReceiver
  let destinations: DestinationsClient
  let alpha = 0

  beforeAll(async () => {
    phone = await HttpReceiver.start()
    const env = { DELIVERY_ALLOW: phone.place, PUBLIC_URL: publicUrl }
    ;({ talk, cast } = await Conversation.open(usualCast, { env }))
    ui = await UiProcess.start(talk.sentinel.baseUrl, { UI_ADMIN_PASSWORD: PASSWORD, BASE_PATH: '/tg/' })
    destinations = new DestinationsClient(() => talk.sentinel.api)
    for (const { id } of await talk.sentinel.api.profiles()) await talk.sentinel.api.deleteProfile(id)
    const named = (name: string, word: string) => ({ name, keywords: { general: { words: [word] } } })
    alpha = (await talk.sentinel.api.createProfile(named('Alpha', 'alpha'))).id
    await talk.sentinel.api.createProfile(named('Beta', 'beta'))
  })

  afterEach(() => (phone.received.length = 0))

  afterAll(async () => {
    await ui.stop()
    await talk.close()
    await phone.stop()
  })

  /** At the ui, wherever a proxy says it is. */
  const here = (url: string) => url.replace('https://sentinel.example/', ui.baseUrl)
  const press = async (url: string) => {
    const reply = await fetchAgain(here(url), { method: 'POST', headers: { Origin: 'https://ntfy.example' } })
    return { status: reply.status, headers: reply.headers, body: (await reply.json()) as Record<string, unknown> }
  }
  const labels = async () => {
    const path = `/api/profiles/${alpha}/labels`
    const { body } = await talk.sentinel.api.request<{ data: { labels: { relevant: boolean; source: string }[] } }>(
      'GET',
      path,
    )
    return body.data.labels.map(({ relevant, source }) => [relevant, source])
  }
  const alertOf = async (id: number) =>
    (await talk.sentinel.api.request<{ data: Alert }>('GET', `/api/alerts/${id}`)).body.data
  const audited = async () => {
    const login = {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify({ password: PASSWORD }),
    }
    const cookie = (await fetchAgain(`${ui.baseUrl}tg/api/auth/login`, login)).headers.get('set-cookie') ?? ''
    const reply = await fetchAgain(`${ui.baseUrl}tg/api/audit`, { headers: { Cookie: cookie } })
    const { data } = (await reply.json()) as { data: { entries: { action: string; detail: string }[] } }
    return data.entries.map(({ action, detail }) => `${action}: ${detail}`)
  }

  it('come by buttons of ntfy, each once, from any origin, and are audited', async () => {
    const { id } = await destinations.create({
      ...{ name: 'Phone', target: { kind: 'ntfy', server: phone.url, topic: 'alerts' } },
      hears: { profiles: [alpha] },
    })
    const [alert] = await talk.alertsFor({ chat: cast.channel, text: 'alpha and beta' })
    const actions = (await phone.nth(1)).json['actions'] as Action[]
    expect(actions.map(({ label, action, method, clear }) => [label, action, method, clear])).toEqual(
      ['Wanted', 'Not wanted', 'Snooze 1 h'].map((label) => [label, 'http', 'POST', true]),
    )
    const [wanted, , snooze] = actions.map(({ url }) => url) as [string, string, string]
    expect(wanted).toMatch(/^https:\/\/sentinel\.example\/tg\/a\/[\w-]{44}$/)

    const looked = await fetchAgain(here(wanted), { redirect: 'manual' })
    expect([looked.status, looked.headers.get('location')]).toEqual([303, `/tg/#/answers/${wanted.split('/a/')[1]}`])
    expect(await labels()).toEqual([])

    const { status, headers, body } = await press(wanted)
    expect([status, body['message'], headers.get('access-control-allow-origin')]).toEqual([
      200,
      'Wanted: kept for Alpha.',
      '*',
    ])
    expect(await labels()).toEqual([[true, 'ntfy']])
    expect((await press(wanted)).body['code']).toBe('LINK_USED')
    expect((await press(`${wanted.slice(0, -2)}AA`)).status).toBe(404)

    expect((await press(snooze)).status).toBe(200)
    expect(await alertOf(alert?.id ?? 0)).toMatchObject({ read: true, snoozed_until: expect.stringMatching(/Z$/) })
    expect(await audited()).toEqual(
      expect.arrayContaining([
        `alert_answered: wanted of alert ${alert?.id}`,
        'alert_answer_refused: LINK_USED',
        `alert_answered: snooze of alert ${alert?.id}`,
      ]),
    )
    expect(`${ui.output}${talk.sentinel.output}`).not.toContain(wanted.split('/a/')[1])
    await destinations.take('DELETE', `/api/destinations/${id}`)
  })

  it('come by buttons of web push, by what the browser alone can read', async () => {
    const browser = new PushBrowser()
    const subscription = browser.subscriptionAt(`${phone.url}/push/secret`)
    await destinations.create({
      name: 'Browser',
      target: { kind: 'web_push', discreet: true },
      secrets: { subscription },
    })
    await talk.alertsFor({ chat: cast.channel, text: 'alpha once more' })
    const { answers } = browser.read(await phone.nth(1))
    expect((await press(`${publicUrl}/a/${answers?.not_wanted}`)).body['message']).toBe('Not wanted: kept for Alpha.')
    expect((await labels())[0]).toEqual([false, 'web_push'])
    await destinations.take('POST', '/api/destinations/2/test', {})
    expect(browser.read(await phone.nth(2)).answers).toBeNull()
  })
})
