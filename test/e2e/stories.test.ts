import type { components } from '../../openapi/generated/sentinel'
import { Conversation, usualCast } from '../support/conversation'
import { EventsClient } from '../support/events-client'
import { until } from '../support/until'

type Telling = components['schemas']['Telling']

const STORY = 'An outage of the payment gateway since nine in the morning, cards are declined in all shops of the city'
const PRICES = 'Prices of the morning for an outage of supply: copper 91, tin 98, zinc 12, and a good day to everybody'

describe('one alert a story', () => {
  let talk: Conversation
  let cast: Awaited<ReturnType<typeof usualCast>>
  let profileId: number

  beforeAll(async () => {
    ;({ talk, cast } = await Conversation.open(usualCast))
    const own = { name: 'Outages', keywords: { general: { words: ['outage'] } } }
    profileId = (await talk.sentinel.api.createProfile(own)).id
  })

  afterAll(() => talk.close())

  const alerts = (profile = profileId) => talk.sentinel.api.alerts({ profile })
  async function tellingsOf(id: number): Promise<Telling[]> {
    const { body } = await talk.sentinel.api.request<{ data: { tellings: Telling[] } }>(
      'GET',
      `/api/alerts/${id}/story`,
    )
    return body.data.tellings
  }

  it('keeps what is told again with the first alert, says so on the stream, and shows where', async () => {
    const events = await EventsClient.open(talk.sentinel)
    await talk.post({ chat: cast.channel, text: STORY })
    await talk.post({ chat: cast.supergroup, text: `Have you heard? ${STORY}` })
    await talk.post({ chat: cast.group, text: `⚡ ${STORY.toUpperCase()}\n\nsubscribe` })
    const [alert, ...others] = await alerts()
    expect(others).toEqual([])
    expect(alert).toMatchObject({ text: STORY, copies: 2, copy_chats: 2 })
    const tellings = await tellingsOf(alert?.id ?? 0)
    expect(tellings.map(({ chat, is_alert: isAlert }) => [chat.title, isAlert])).toEqual([
      ['News', true],
      ['Team', false],
      ['Family', false],
    ])
    expect(tellings[0]?.link).toMatch(/^https:\/\/t\.me\/newswire\/\d+$/)
    await until('the event', () =>
      events.ofType<{ copies?: number }>('alert_changed').some(({ copies }) => copies === 2),
    )
    events.close()
  })

  it('tells another day of one list, and what is short, each for itself', async () => {
    const before = (await alerts()).length
    await talk.post({ chat: cast.channel, text: PRICES })
    await talk.post({ chat: cast.channel, text: PRICES.replace('91', '93').replace('98', '97') })
    for (const chat of [cast.channel, cast.group]) await talk.post({ chat, text: 'outage!' })
    // Somebody who writes to me again wants to be heard again.
    await talk.post({ chat: cast.mara, text: STORY })
    expect((await alerts()).length).toBe(before + 5)
  })

  it('is for each profile alone, and only where it is wanted', async () => {
    const { id } = await talk.sentinel.api.createProfile({
      name: 'All of it',
      keywords: { general: { words: ['gateway'] } },
      one_per_story: false,
    })
    const before = (await alerts()).length
    for (const text of [STORY, `${STORY} again`]) await talk.post({ chat: cast.forum, text })
    expect((await alerts(id)).map(({ copies }) => copies)).toEqual([0, 0])
    expect((await alerts()).length).toBe(before)
  })
})
