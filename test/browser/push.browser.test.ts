import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import type { BrowserContext, Page, Worker } from 'playwright-core'
import type { components } from '../../openapi/generated/sentinel'
import { HttpReceiver } from '../support/http-receiver'
import { PushBrowser, subscriptionId } from '../support/push-browser'
import { makeTemporaryFolder, removeFolder } from '../support/temporary-folder'
import { PASSWORD } from '../support/ui-process'
import { until } from '../support/until'
import { launchProfile, watch } from './browser'
import { PageStage, widthOf } from './page-stage'

type PushMessage = components['schemas']['PushMessage']
type Destination = components['schemas']['Destination']

const PHONE = '+12025550146'
const SHOTS = join(__dirname, '../reports/push')
/** A name that leads to this machine, and by which a browser does not know that it does. */
const NAME = 'sentinel.test'

/**
 * The page as an app, and notifications, in a real Chromium. No push service is reached from here: what one would pass on is handed to the
 * worker by the DevTools protocol, and where a subscription is needed PushManager answers with one of ours, at a receiver of ours.
 */
describe('the page as an app', () => {
  const folder = makeTemporaryFolder()
  let stage: PageStage
  let receiver: HttpReceiver
  let context: BrowserContext
  let news = 0

  beforeAll(async () => {
    mkdirSync(SHOTS, { recursive: true })
    receiver = await HttpReceiver.start()
    stage = await PageStage.open({ DELIVERY_ALLOW: receiver.place })
    const { control } = stage
    await control.createAccount({ firstName: 'Alex', username: 'alexmorgan', phone: PHONE })
    news = (await control.createChannel({ title: 'News' })).chat
    await stage.telegram.signIn(PHONE)
    const { api } = stage.telegram.sentinel
    await until('the ledger', async () => (await api.coverage()).chats.length >= 1)
    await api.createProfile({ name: 'Alpha', keywords: { general: { words: ['alpha'] } } })
    context = await launchProfile(folder, [`--host-resolver-rules=MAP ${NAME} 127.0.0.1`])
    await context.grantPermissions(['notifications'], { origin: stage.ui.baseUrl })
  })

  afterEach(async () => {
    for (const page of context.pages().slice(1)) await page.close()
    await context.clearCookies()
    receiver.received.length = 0
    receiver.answer = { status: 201 }
  })

  afterAll(async () => {
    await context.close()
    await stage.close()
    await receiver.stop()
    removeFolder(folder)
  })

  async function visit(view = 'Deliveries', base = stage.ui.baseUrl): Promise<{ page: Page; misdeeds: string[] }> {
    const page = await context.newPage()
    const misdeeds = watch(page, base)
    await page.goto(base)
    await page.locator('[data-testid=login-form] input[type=password]').fill(PASSWORD)
    await page.keyboard.press('Enter')
    await page.getByRole('navigation').getByRole('link', { name: view, exact: true }).click()
    await page.getByRole('heading', { level: 1, name: view }).waitFor()
    return { page, misdeeds }
  }

  const shot = (page: Page, name: string) => page.screenshot({ path: join(SHOTS, `${name}.png`), fullPage: true })
  const thisBrowser = (page: Page) => page.getByTestId('this-browser')
  const destinations = async () => {
    const { body } = await stage.telegram.sentinel.api.request<{ data: { destinations: Destination[] } }>(
      'GET',
      '/api/destinations',
    )
    return body.data.destinations
  }
  const worker = (): Promise<Worker> =>
    until('the worker', () => context.serviceWorkers().find((one) => one.url().startsWith(stage.ui.baseUrl)))

  describe('is installed', () => {
    it('by Chromium, which has nothing to say against it', async () => {
      const { page, misdeeds } = await visit('Alerts')
      await page.evaluate('navigator.serviceWorker.ready.then(() => null)')
      const cdp = await context.newCDPSession(page)
      const manifest = await cdp.send('Page.getAppManifest')
      expect([manifest.url, manifest.errors]).toEqual([`${stage.ui.baseUrl}manifest.webmanifest`, []])
      expect((await cdp.send('Page.getInstallabilityErrors')).installabilityErrors).toEqual([])
      expect(misdeeds).toEqual([])
    })

    it('by whoever is not signed in, too, and a new worker is seen at once', async () => {
      for (const [path, type] of [
        ['manifest.webmanifest', 'application/manifest+json'],
        ['worker.js', 'text/javascript; charset=utf-8'],
        ['maskable-512.png', 'image/png'],
      ] as const) {
        const { status, headers } = await fetch(stage.ui.baseUrl + path)
        expect([status, headers.get('content-type'), headers.get('cache-control')]).toEqual([200, type, 'no-cache'])
      }
    })

    it('keeps what it is made of, no answer of the API, and nothing of who signed out', async () => {
      const { page } = await visit('Chats')
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
      ...{ link: 'https://t.me/newswire/7', urgent: true, at: '2026-11-21T08:00:00.000Z' },
    }

    /** What hands a message to the worker, as the browser's push service would. */
    async function deliveryBy(page: Page): Promise<(data: string) => Promise<unknown>> {
      const cdp = await context.newCDPSession(page)
      const found = new Promise<string>((resolve) => {
        cdp.on('ServiceWorker.workerRegistrationUpdated', ({ registrations }) => {
          const own = registrations.find(({ scopeURL }) => scopeURL === stage.ui.baseUrl)
          if (own) resolve(own.registrationId)
        })
      })
      await cdp.send('ServiceWorker.enable')
      const [registrationId, origin] = [await found, new URL(stage.ui.baseUrl).origin]
      return (data) => cdp.send('ServiceWorker.deliverPushMessage', { origin, registrationId, data })
    }

    const notifications = (page: Page) =>
      page.evaluate<Record<string, unknown>[]>(`navigator.serviceWorker.ready
        .then((registration) => registration.getNotifications())
        .then((all) => all.map(({ title, body, tag, data, requireInteraction, actions, timestamp }) =>
          ({ title, body, tag, data, requireInteraction, actions: actions.map(({ action }) => action), timestamp })))`)

    it('of what is pushed, once for each message, whatever it is', async () => {
      const { page } = await visit()
      await page.evaluate('navigator.serviceWorker.ready.then(() => null)')
      const deliver = await deliveryBy(page)
      await deliver(JSON.stringify(MESSAGE))
      const [first] = await until('a notification', async () => {
        const all = await notifications(page)
        return all.length === 1 && all
      })
      expect(first).toEqual({
        ...{ title: 'Alpha: News', body: 'alpha has landed', tag: 'msg_1', requireInteraction: true },
        data: { address: '#/alerts/1', link: 'https://t.me/newswire/7' },
        ...{ actions: ['telegram'], timestamp: Date.parse(MESSAGE.at) },
      })
      await deliver(JSON.stringify({ ...MESSAGE, body: 'the same again' }))
      await until('its successor', async () => (await notifications(page))[0]?.['body'] === 'the same again')
      expect(await notifications(page)).toHaveLength(1)
      await deliver('no JSON')
      await until('another', async () => (await notifications(page)).length === 2)
      expect((await notifications(page)).map(({ title }) => title)).toContain('TG Sentinel')
      await page.getByRole('button', { name: 'Sign out' }).click()
      await page.getByTestId('login-form').waitFor()
      expect(await notifications(page)).toEqual([])
    })

    it('and a click on it brings the open tab to the alert', async () => {
      await stage.control.postMessage({ chat: news, text: 'alpha to be opened' })
      const { api } = stage.telegram.sentinel
      const alert = await until('the alert', async () => (await api.alerts({ q: 'to be opened' }))[0])
      const { page, misdeeds } = await visit()
      // Nobody can click a notification here: the worker is told that somebody did.
      const click = `(async () => {
        await registration.showNotification('x', { tag: 'click', data: { address: '#/alerts/${alert.id}', link: null } })
        const [notification] = await registration.getNotifications({ tag: 'click' })
        dispatchEvent(new NotificationEvent('notificationclick', { notification }))
      })()`
      await (await worker()).evaluate(click)
      const opened = page.getByTestId('opened-alert')
      await opened.getByText('alpha to be opened').waitFor()
      await opened.getByRole('button', { name: 'Mark read' }).click()
      await opened.getByRole('button', { name: 'Mark unread' }).waitFor()
      await shot(page, 'opened-alert')
      await opened.getByRole('link', { name: 'Close' }).click()
      await until('the list alone', async () => (await opened.count()) === 0)
      await page.evaluate("location.hash = '#/alerts/999999'")
      await opened.getByText('There is no alert 999999').waitFor()
      expect(misdeeds.filter((misdeed) => !misdeed.includes('404'))).toEqual([])
    })
  })

  describe('says truly whether this browser can be told', () => {
    it('where no push service is reached: what to do, and no destination is left behind', async () => {
      const { page } = await visit()
      await thisBrowser(page).getByRole('button', { name: 'Tell me in this browser' }).click()
      await page.getByTestId('push-error').getByText('does not reach its push service').waitFor({ timeout: 40_000 })
      await shot(page, 'push-service-away')
      expect(await destinations()).toEqual([])
    })

    it('where the address is none that browsers trust', async () => {
      const { page } = await visit('Deliveries', stage.ui.baseUrl.replace('127.0.0.1', NAME))
      await page.getByTestId('push-insecure').getByText('https').waitFor()
      expect(await thisBrowser(page).getByRole('button').count()).toBe(0)
      await shot(page, 'insecure')
    })

    it('where its owner blocked notifications', async () => {
      const cdp = await context.newCDPSession(context.pages()[0] as Page)
      const { origin } = new URL(stage.ui.baseUrl)
      const set = (setting: 'denied' | 'granted') =>
        cdp.send('Browser.setPermission', { permission: { name: 'notifications' }, setting, origin })
      await set('denied')
      const { page } = await visit()
      await page.getByTestId('push-denied').getByText('Allow them').waitFor()
      await shot(page, 'denied')
      await set('granted')
    })
  })

  describe('is told', () => {
    const browser = new PushBrowser()
    let count = 0

    /** PushManager answers with what a push service would have given. */
    async function withPushService(): Promise<void> {
      await context.exposeFunction('subscribedAt', () => {
        const { endpoint, ...keys } = browser.subscriptionAt(`${receiver.url}/push/${++count}`)
        return { endpoint, keys }
      })
      await context.addInitScript(PUSH_SERVICE)
    }

    it('by a destination of its own, from the first click to the last', async () => {
      await withPushService()
      const { page, misdeeds } = await visit()
      await thisBrowser(page).getByRole('button', { name: 'Tell me in this browser' }).click()
      await page.getByTestId('push-told').getByRole('link', { name: 'Chrome on Linux' }).waitFor()
      await thisBrowser(page).getByRole('button', { name: 'Send a test' }).click()
      await page.getByTestId('test-outcome').getByText('“Chrome on Linux” took the message.').waitFor()
      expect(browser.read(await receiver.nth(1))).toMatchObject({ title: 'TG Sentinel', address: '#/deliveries' })
      await shot(page, 'told-1280')
      await page.getByTestId('push-told').getByRole('link').click()
      await page.getByLabel('What they show').selectOption({ index: 1 })
      await page.getByRole('button', { name: 'Save destination' }).click()
      await page.getByText('Saved. It counts from the next alert on.').waitFor()
      await shot(page, 'details-1280')
      await stage.control.postMessage({ chat: news, text: 'alpha in secret' })
      expect(browser.read(await receiver.nth(2))).toMatchObject({ title: 'New alert in Alpha', body: '' })
      const [own] = await destinations()
      expect(own).toMatchObject({ target: { kind: 'web_push', discreet: true }, secrets_set: ['subscription'] })
      expect(misdeeds).toEqual([])
    })

    it('by a new subscription where the browser changed it, or its key no longer fits', async () => {
      const [before] = await destinations()
      const { page } = await visit()
      await page.getByTestId('push-told').waitFor()
      const renewed = browser.subscriptionAt(`${receiver.url}/push/by-the-worker`)
      const { endpoint, ...keys } = renewed
      const change = `(() => {
        const old = { endpoint: '${receiver.url}/push/${count}', options: { applicationServerKey: null } }
        const next = { endpoint: '${endpoint}', toJSON: () => ({ keys: ${JSON.stringify(keys)} }) }
        dispatchEvent(Object.assign(new ExtendableEvent('pushsubscriptionchange'), { oldSubscription: old, newSubscription: next }))
      })()`
      await (await worker()).evaluate(change)
      await until('the worker’s', async () => (await destinations())[0]?.subscription_id === subscriptionId(endpoint))
      // The page has another one, by its own key; the number that it remembers says which destination is meant.
      await page.reload()
      const own = () => subscriptionId(`${receiver.url}/push/${count}`)
      await until('the page’s', async () => (await destinations())[0]?.subscription_id === own())
      const former = count
      await page.evaluate("localStorage.setItem('push-key', 'BAAA')")
      await page.reload()
      await until('a new one', async () => count > former && (await destinations())[0]?.subscription_id === own())
      // The browser lost it, without a word.
      const lost = count
      await page.evaluate("localStorage.removeItem('push-subscription')")
      await page.reload()
      await until('one in its place', async () => count > lost && (await destinations())[0]?.subscription_id === own())
      expect(await destinations()).toMatchObject([{ id: before?.id, target: { discreet: true }, enabled: true }])
    })

    it('no more once it is signed out, and again as it was', async () => {
      const [before] = await destinations()
      const { page } = await visit()
      await page.getByTestId('push-told').waitFor()
      await page.getByRole('button', { name: 'Sign out' }).click()
      await page.getByTestId('login-form').waitFor()
      expect(await destinations()).toMatchObject([{ id: before?.id, enabled: false }])
      expect(await page.evaluate("localStorage.getItem('push-subscription')")).toBeNull()
      const { page: again } = await visit()
      await thisBrowser(again).getByRole('button', { name: 'Tell me in this browser' }).click()
      await again.getByTestId('push-told').waitFor()
      expect(await destinations()).toMatchObject([{ id: before?.id, enabled: true, target: { discreet: true } }])
    })

    it('by a subscription anew where the push service says that it is gone', async () => {
      receiver.answer = { status: 410 }
      await stage.control.postMessage({ chat: news, text: 'alpha to nobody' })
      await until('the end', async () => (await destinations())[0]?.state === 'gone')
      const { page } = await visit()
      await thisBrowser(page).getByText('no longer subscribed (410)').waitFor()
      await shot(page, 'gone')
      receiver.answer = { status: 201 }
      await thisBrowser(page).getByRole('button', { name: 'Tell me in this browser' }).click()
      await page.getByTestId('push-told').waitFor()
      await until('what waited', async () => (await destinations())[0]?.state === 'working')
    })

    it.each([1280, 360])('within %i px', async (width) => {
      const { page } = await visit()
      await page.setViewportSize({ width, height: 900 })
      await page.getByTestId('push-told').waitFor()
      expect(await widthOf(page)).toBe(width)
      await shot(page, `list-${width}`)
    })

    it('no more where that is asked for: subscription and destination go', async () => {
      const { page, misdeeds } = await visit()
      await thisBrowser(page).getByRole('button', { name: 'Tell this browser no more…' }).click()
      await thisBrowser(page).getByRole('button', { name: 'Yes, tell this browser no more' }).click()
      await thisBrowser(page).getByRole('button', { name: 'Tell me in this browser' }).waitFor()
      expect(await destinations()).toEqual([])
      expect(await page.evaluate("localStorage.getItem('push-subscription')")).toBeNull()
      expect(misdeeds).toEqual([])
    })
  })
})

/** Stands for the part of PushManager that asks a push service; its memory is the tab's storage. */
const PUSH_SERVICE = `(() => {
  const bytes = (text) => Uint8Array.from(atob(text.replaceAll('-', '+').replaceAll('_', '/')), (one) => one.charCodeAt(0)).buffer
  const kept = () => {
    const text = localStorage.getItem('push-subscription')
    if (text === null) return null
    const { endpoint, keys } = JSON.parse(text)
    return {
      endpoint,
      options: { applicationServerKey: bytes(localStorage.getItem('push-key')) },
      toJSON: () => ({ endpoint, keys }),
      unsubscribe: async () => (localStorage.removeItem('push-subscription'), true),
    }
  }
  PushManager.prototype.getSubscription = async () => kept()
  PushManager.prototype.subscribe = async ({ applicationServerKey }) => {
    localStorage.setItem('push-key', applicationServerKey)
    localStorage.setItem('push-subscription', JSON.stringify(await subscribedAt()))
    return kept()
  }
})()`
