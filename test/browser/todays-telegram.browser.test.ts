import type { TlObject } from '../telegram-server/tl/codec'
import { OLDER_LAYER } from '../telegram-server/tl/layers'
import { until } from '../support/until'
import { PageStage, widthOf } from './page-stage'

const PHONE = '+12025550143'
const plain = (text: string): TlObject => ({ _: 'textPlain', text })
const words = (text: string): TlObject => ({ _: 'textWithEntities', text, entities: [] })
const rich = (...texts: string[]): TlObject => ({
  ...{ _: 'richMessage', photos: [], documents: [] },
  blocks: texts.map((text) => ({ _: 'pageBlockParagraph', text: plain(text) })),
})
const voice: TlObject = {
  _: 'messageMediaDocument',
  voice: true,
  document: {
    ...{ _: 'document', id: 9, access_hash: 9, file_reference: Buffer.alloc(0), date: 1, mime_type: 'audio/ogg' },
    ...{ size: 900, dc_id: 2, attributes: [{ _: 'documentAttributeAudio', voice: true, duration: 14 }] },
  },
}
const checklist: TlObject = {
  _: 'messageMediaToDo',
  todo: {
    _: 'todoList',
    title: words('Before the zephyr'),
    list: [{ _: 'todoItem', id: 1, title: words('tie the roof') }],
  },
}

/** What people write since the summer of 2026, on the page. */
describe('today’s Telegram in the page', () => {
  let stage: PageStage
  let news = 0
  let mara = 0

  beforeAll(async () => {
    stage = await PageStage.open()
    const { control } = stage
    await control.createAccount({ firstName: 'Alex', username: 'alexmorgan', phone: PHONE })
    news = (await control.createChannel({ title: 'News' })).chat
    mara = (await control.createUser({ firstName: 'Mara', lastName: 'Lind' })).id
    await control.postMessage({ chat: news, text: 'hello', push: 'none' })
    await control.postMessage({ chat: mara, text: 'hello', push: 'none' })
    await stage.telegram.signIn(PHONE)
    const { api } = stage.telegram.sentinel
    await until('the list of chats', async () => (await api.coverage()).chats.length >= 1)
    await api.createProfile({
      ...{ name: 'Wind', min_score: 1, detectors: { private: 1 } },
      keywords: { general: { words: ['zephyr'], weight: 2 } },
    } as never)
  })

  afterAll(() => stage.close())

  it.each([1280, 360])(
    'shows a rich post, a checklist, an address and a voice message in alerts, at %i px',
    async (width) => {
      const { control } = stage
      if (width === 1280) {
        await control.postMessage({
          chat: news,
          text: '',
          fields: { rich_message: rich('A storm comes.', 'Its name is Zephyr.') },
        })
        await control.postMessage({ chat: news, text: '', fields: { media: checklist } })
        await control.postMessage({
          ...{ chat: news, text: 'read more' },
          entities: [{ type: 'textUrl', offset: 0, length: 9, url: 'https://weather.example/zephyr' }],
        })
        await control.postMessage({ chat: mara, text: '', fields: { media: voice } })
      }
      const { page, misdeeds } = await stage.visit('Alerts', { viewport: { width, height: 900 } })
      await page.getByText('Its name is Zephyr.').waitFor()
      await page.getByText('tie the roof').waitFor()
      await page.getByText('https://weather.example/zephyr').waitFor()
      await page.getByText('Voice message, 0:14').waitFor()
      expect(await page.getByText('(no text)').count()).toBe(0)
      expect(await widthOf(page)).toBeLessThanOrEqual(width)
      expect(misdeeds).toEqual([])
      if (process.env.SHOTS) await page.screenshot({ path: `${process.env.SHOTS}/alerts-${width}.png`, fullPage: true })
    },
  )

  it('finds them by search', async () => {
    const { page } = await stage.visit('Search')
    await page.getByRole('searchbox').fill('zephyr')
    const hits = page.getByTestId('search-hit')
    await hits.filter({ hasText: 'Its name is Zephyr.' }).waitFor()
    await hits.filter({ hasText: 'weather.example' }).waitFor()
    if (process.env.SHOTS) await page.screenshot({ path: `${process.env.SHOTS}/search.png`, fullPage: true })
  })

  it('names what Telegram withholds, and what nobody can read, in the coverage', async () => {
    const { control } = stage
    await control.postMessage({ chat: news, text: 'x', fields: { media: { _: 'unknown', id: 0x7eadbee1 } } })
    const { page, misdeeds } = await stage.visit('Coverage')
    await page.getByText('1 unreadable').waitFor()
    await control.withholdAbove({ layer: OLDER_LAYER })
    await control.postMessage({ chat: news, text: '', fields: { rich_message: rich('withheld') } })
    await page.getByText('2 messages could not be read by this version.').waitFor()
    await page.getByText('2 unreadable').waitFor()
    await page.getByRole('link', { name: 'News' }).click()
    const details = page.getByTestId('coverage-details')
    await details.getByText('Telegram withholds it from this version.').waitFor()
    await details.getByText('Of a kind that is newer than this version.').waitFor()
    expect(misdeeds).toEqual([])
    if (process.env.SHOTS) await page.screenshot({ path: `${process.env.SHOTS}/coverage.png`, fullPage: true })
  })
})
