import { Conversation, usualCast } from '../support/conversation'
import { until } from '../support/until'

describe('topics of a forum', () => {
  let talk: Conversation
  let cast: Awaited<ReturnType<typeof usualCast>>

  beforeAll(async () => {
    ;({ talk, cast } = await Conversation.open(usualCast))
  })

  afterAll(() => talk.close())

  /** The topic of the one message that has a word. */
  const topicOf = (word: string) =>
    until(`the topic of ${word}`, async () => {
      const { hits } = await talk.sentinel.api.search({ q: word })
      return hits[0]?.topic?.title ? hits[0].topic : null
    })

  it('that were there before anybody listened have their titles, General among them', async () => {
    await talk.post({ chat: cast.forum, from: cast.mara, text: 'zephyrtalk', topic: 2 })
    await talk.post({ chat: cast.forum, from: cast.mara, text: 'zephyrgeneral' })
    expect(await topicOf('zephyrtalk')).toEqual({ id: 2, title: 'Talk' })
    expect(await topicOf('zephyrgeneral')).toEqual({ id: 1, title: 'General' })
    expect(await talk.stage.callsOf('messages.getForumTopics')).toBe(1)
  })

  it('of a forum that is new are read with its first message, all pages of them', async () => {
    const topics = Array.from({ length: 130 }, (_, index) => `Topic ${index + 2}`)
    const { chat } = await talk.stage.control.createForum({ title: 'Large', topics })
    await talk.post({ chat, from: cast.mara, text: 'zephyrlarge', topic: 128 })
    expect(await topicOf('zephyrlarge')).toEqual({ id: 128, title: 'Topic 128' })
    expect(talk.rows('SELECT 1 FROM topics WHERE chat_id = ?', chat)).toHaveLength(131)
  })

  it('belong to forums alone: elsewhere a message has none', async () => {
    await talk.post({ chat: cast.supergroup, from: cast.mara, text: 'zephyrplain' })
    const hit = await until('the hit', async () => (await talk.sentinel.api.search({ q: 'zephyrplain' })).hits[0])
    expect(hit.topic).toBeNull()
  })
})
