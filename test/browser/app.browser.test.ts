import type { Page } from 'playwright-core'
import type { components } from '../../openapi/generated/sentinel'
import { answerToken } from '../support/answer-tokens'
import { until } from '../support/until'
import { AppStage, NAME } from './app-stage'
import { show } from './browser'

type PushMessage = components['schemas']['PushMessage']

/** The page as an app in a real Chromium. What a push service would pass on is handed to the worker by the DevTools protocol. */
describe('the page as an app', () => {
  let app: AppStage

  beforeAll(async () => {
    app = await AppStage.open()
  })

  afterEach(() => app.tidy())
  afterAll(() => app.close())

  const thisBrowser = (page: Page) => page.getByTestId('this-browser')

  describe('is installed', () => {
    it('by Chromium, which has nothing to say against it', async () => {
      const { page, misdeeds } = await app.visit('Alerts')
      await page.evaluate('navigator.serviceWorker.ready.then(() => null)')
      const cdp = await app.context.newCDPSession(page)
      const manifest = await cdp.send('Page.getAppManifest')
      expect([manifest.url, manifest.errors]).toEqual([`${app.base}manifest.webmanifest`, []])
      expect((await cdp.send('Page.getInstallabilityErrors')).installabilityErrors).toEqual([])
      expect(misdeeds).toEqual([])
    })

    it('by whoever is not signed in, too, and a new worker is seen at once', async () => {
      for (const [path, type] of [
        ['manifest.webmanifest', 'application/manifest+json'],
        ['worker.js', 'text/javascript; charset=utf-8'],
        ['maskable-512.png', 'image/png'],
      ] as const) {
        const { status, headers } = await fetch(app.base + path)
        expect([status, headers.get('content-type'), headers.get('cache-control')]).toEqual([200, type, 'no-cache'])
      }
    })

    it('keeps what it is made of, no answer of the API, and nothing of who signed out', async () => {
      const { page } = await app.visit('Chats')
      await page.getByText('News').first().waitFor()
      const kept = `caches.keys().then(async (names) => (await Promise.all(names.map(async (name) =>
        (await (await caches.open(name)).keys()).map(({ url }) => url)))).flat())`
      const before = await until('the shell', async () => {
        const urls = await page.evaluate<string[]>(kept)
        return urls.length > 5 && urls
      })
      expect(
        before.filter((url) => !/\/(assets\/[\w-]+\.(js|css)|[\w-]+\.(png|svg)|offline\.html)$/.test(url)),
      ).toEqual([])
      await page.getByRole('button', { name: 'Sign out' }).click()
      await page.getByTestId('login-form').waitFor()
      expect(await page.evaluate<string[]>(kept)).toEqual(before)
    })
  })

  describe('notifies', () => {
    const MESSAGE: PushMessage = {
      ...{ title: 'Alpha: News', body: 'alpha has landed', tag: 'msg_1', address: '#/alerts/1' },
      ...{ link: 'https://t.me/newswire/7', urgent: true, at: '2026-11-21T08:00:00.000Z', answers: null },
    }

    /** What hands a message to the worker, as the browser's push service would. */
    async function deliveryBy(page: Page): Promise<(data: string) => Promise<unknown>> {
      const cdp = await app.context.newCDPSession(page)
      const found = new Promise<string>((resolve) => {
        cdp.on('ServiceWorker.workerRegistrationUpdated', ({ registrations }) => {
          const own = registrations.find(({ scopeURL }) => scopeURL === app.base)
          if (own) resolve(own.registrationId)
        })
      })
      await cdp.send('ServiceWorker.enable')
      const [registrationId, origin] = [await found, new URL(app.base).origin]
      return (data) => cdp.send('ServiceWorker.deliverPushMessage', { origin, registrationId, data })
    }

    const notifications = (page: Page) =>
      page.evaluate<Record<string, unknown>[]>(`navigator.serviceWorker.ready
        .then((registration) => registration.getNotifications())
        .then((all) => all.map(({ title, body, tag, data, requireInteraction, actions, timestamp }) =>
          ({ title, body, tag, data, requireInteraction, actions: actions.map(({ action }) => action), timestamp })))`)

    it('of what is pushed, once for each message, whatever it is', async () => {
      const { page } = await app.visit()
      await page.evaluate('navigator.serviceWorker.ready.then(() => null)')
      const deliver = await deliveryBy(page)
      await deliver(JSON.stringify(MESSAGE))
      const [first] = await until('a notification', async () => {
        const all = await notifications(page)
        return all.length === 1 && all
      })
      expect(first).toEqual({
        ...{ title: 'Alpha: News', body: 'alpha has landed', tag: 'msg_1', requireInteraction: true },
        data: { address: '#/alerts/1', link: 'https://t.me/newswire/7', answers: null, tag: 'msg_1' },
        ...{ actions: ['telegram'], timestamp: Date.parse(MESSAGE.at) },
      })
      await deliver(JSON.stringify({ ...MESSAGE, body: 'the same again' }))
      await until('its successor', async () => (await notifications(page))[0]?.['body'] === 'the same again')
      expect(await notifications(page)).toHaveLength(1)
      // A push that is handed over while the worker ends is lost by this way in now and then; push services send it again.
      await until('another', async () => {
        await deliver('no JSON')
        await page.waitForTimeout(500)
        return (await notifications(page)).some(({ title }) => title === 'TG Sentinel')
      })
      await page.getByRole('button', { name: 'Sign out' }).click()
      await page.getByTestId('login-form').waitFor()
      expect(await notifications(page)).toEqual([])
    })

    it('and a click on it brings the open tab to the alert', async () => {
      await app.stage.control.postMessage({ chat: app.news, text: 'alpha to be opened' })
      const { api } = app.stage.telegram.sentinel
      const alert = await until('the alert', async () => (await api.alerts({ q: 'to be opened' }))[0])
      const { page, misdeeds } = await app.visit()
      // Nobody can click a notification here: the worker is told that somebody did.
      const click = `(async () => {
        await registration.showNotification('x', { tag: 'click', data: { address: '#/alerts/${alert.id}', link: null } })
        const [notification] = await registration.getNotifications({ tag: 'click' })
        dispatchEvent(new NotificationEvent('notificationclick', { notification }))
      })()`
      await (await app.worker()).evaluate(click)
      const opened = page.getByTestId('opened-alert')
      await opened.getByText('alpha to be opened').waitFor()
      await opened.getByRole('button', { name: 'Mark read' }).click()
      await opened.getByRole('button', { name: 'Mark unread' }).waitFor()
      await app.shot(page, 'opened-alert')
      // It is open already, and no event tells of what is new.
      await show(page, 'hidden')
      await api.changeAlert(alert.id, { starred: true })
      await (await app.worker()).evaluate(click)
      await opened.getByRole('button', { name: 'Starred' }).waitFor()
      await opened.getByRole('link', { name: 'Close' }).click()
      await until('the list alone', async () => (await opened.count()) === 0)
      await page.evaluate("location.hash = '#/alerts/999999'")
      await opened.getByText('There is no alert 999999').waitFor()
      expect(misdeeds.filter((misdeed) => !misdeed.includes('404'))).toEqual([])
    })
  })

  describe('answers an alert', () => {
    const raised = async (text: string) => {
      await app.stage.control.postMessage({ chat: app.news, text })
      const { api } = app.stage.telegram.sentinel
      return until('the alert', async () => (await api.alerts({ q: text }))[0])
    }
    const token = (alertId: number, answer: 'wanted' | 'snooze') =>
      answerToken(app.stage.telegram.sentinel.databasePath, { alertId, answer })

    it('by the buttons of a notification, and says so where that was not kept', async () => {
      const { id } = await raised('alpha to be judged')
      const { page } = await app.visit()
      await page.evaluate('navigator.serviceWorker.ready.then(() => null)')
      const data = { address: `#/alerts/${id}`, link: null, tag: 'press', answers: { wanted: token(id, 'wanted') } }
      const press = `(async () => {
        await registration.showNotification('x', { tag: 'press', data: ${JSON.stringify(data)} })
        const [notification] = await registration.getNotifications({ tag: 'press' })
        dispatchEvent(new NotificationEvent('notificationclick', { notification, action: 'wanted' }))
      })()`
      await (await app.worker()).evaluate(press)
      const { api } = app.stage.telegram.sentinel
      await until('the label', async () => (await api.alerts({ q: 'to be judged' }))[0]?.label === true)
      await (await app.worker()).evaluate(press)
      const notes = `navigator.serviceWorker.ready.then((one) => one.getNotifications({ tag: 'press' })).then(([note]) => note?.body)`
      await until('the refusal', async () => String(await page.evaluate(notes)).startsWith('This was said already.'))
    })

    it('by the address of a link: it asks first, and needs no sign-in', async () => {
      const { id } = await raised('alpha to be snoozed by a link')
      const page = await app.context.newPage()
      await page.setViewportSize({ width: 360, height: 640 })
      await page.goto(`${app.base}a/${token(id, 'snooze')}`)
      const asked = page.getByTestId('answer-page')
      await page.getByRole('heading', { name: 'Tell this alert again in an hour?' }).waitFor()
      await app.shot(page, 'answer-link')
      await asked.getByRole('button', { name: 'Snooze 1 h' }).click()
      await asked.getByText('Snoozed: it is told again in an hour.').waitFor()
      await page.reload()
      await asked.getByText('This was said already.').waitFor()
      expect(await asked.getByRole('button').count()).toBe(0)
    })

    it('on the page: a snoozed one has a list of its own, and is woken there', async () => {
      await raised('alpha to be snoozed by hand')
      const { page, misdeeds } = await app.visit('Alerts')
      const item = page.getByTestId('alert-item').filter({ hasText: 'snoozed by hand' })
      await item.getByRole('button', { name: 'Snooze 1 h' }).click()
      await item.getByTestId('alert-snoozed').getByText('told again').waitFor()
      await item.getByRole('button', { name: 'Mark unread' }).waitFor()
      await page.getByRole('button', { name: 'Snoozed', exact: true }).click()
      await app.shot(page, 'snoozed')
      await item.getByRole('button', { name: 'Do not tell it again' }).click()
      await item.getByTestId('alert-snoozed').waitFor({ state: 'detached' })
      const { api } = app.stage.telegram.sentinel
      await until('it to be kept', async () => (await api.alerts({ q: 'by hand' }))[0]?.snoozed_until === null)
      expect(misdeeds).toEqual([])
    })
  })

  describe('says truly whether this browser can be told', () => {
    it('where no push service is reached: what to do, and no destination is left behind', async () => {
      const { page } = await app.visit()
      await thisBrowser(page).getByRole('button', { name: 'Tell me in this browser' }).click()
      await page.getByTestId('push-error').getByText('does not reach its push service').waitFor({ timeout: 40_000 })
      await app.shot(page, 'push-service-away')
      expect(await app.destinations()).toEqual([])
    })

    it('where the address is none that browsers trust', async () => {
      const { page } = await app.visit('Deliveries', app.base.replace('127.0.0.1', NAME))
      await page.getByTestId('push-insecure').getByText('https').waitFor()
      expect(await thisBrowser(page).getByRole('button').count()).toBe(0)
      await app.shot(page, 'insecure')
    })

    it('where its owner blocked notifications', async () => {
      const cdp = await app.context.newCDPSession(app.context.pages()[0] as Page)
      const { origin } = new URL(app.base)
      const set = (setting: 'denied' | 'granted') =>
        cdp.send('Browser.setPermission', { permission: { name: 'notifications' }, setting, origin })
      await set('denied')
      const { page } = await app.visit()
      await page.getByTestId('push-denied').getByText('Allow them').waitFor()
      await app.shot(page, 'denied')
      await set('granted')
    })
  })
})
