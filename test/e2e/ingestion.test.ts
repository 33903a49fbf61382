import { Conversation, usualCast, type Post } from '../support/conversation'
import type { ProfileDraft } from '../support/sentinel-api'

type Cast = Awaited<ReturnType<typeof usualCast>>

let talk: Conversation
let cast: Cast

beforeAll(async () => {
  ;({ talk, cast } = await Conversation.open(usualCast))
})

afterAll(() => talk.close())

beforeEach(async () => {
  const { api } = talk.sentinel
  for (const { id } of await api.profiles()) await api.deleteProfile(id)
})

function keywords(...words: string[]): NonNullable<ProfileDraft['keywords']> {
  return { general: { words } }
}

function profile(draft: ProfileDraft) {
  return talk.sentinel.api.createProfile(draft)
}

/** Names of the profiles that a message fires, in alphabetical order. */
async function fired(options: Post): Promise<string[]> {
  return (await talk.alertsFor(options)).flatMap(({ profiles }) => profiles.map(({ name }) => name)).sort()
}

describe('a message', () => {
  const KINDS: [string, (cast: Cast) => Post, (cast: Cast) => object][] = [
    [
      'a channel',
      (c) => ({ chat: c.channel, text: '' }),
      () => ({ kind: 'channel', title: 'News', username: 'newswire' }),
    ],
    [
      'a supergroup',
      (c) => ({ chat: c.supergroup, from: c.mara, text: '' }),
      () => ({ kind: 'supergroup', title: 'Team' }),
    ],
    ['a basic group', (c) => ({ chat: c.group, from: c.mara, text: '' }), () => ({ kind: 'group', title: 'Family' })],
    [
      'a private chat',
      (c) => ({ chat: c.mara, text: '' }),
      () => ({ kind: 'private', title: 'Mara Lind', username: 'mara' }),
    ],
    ['a bot', (c) => ({ chat: c.bot, text: '' }), () => ({ kind: 'bot', title: 'Build bot', username: 'buildbot' })],
  ]

  it.each(KINDS)('of %s raises an alert that says where and by whom', async (_kind, options, chat) => {
    await profile({ name: 'Zephyr', keywords: keywords('zephyr') })
    const post = { ...options(cast), text: 'a Zephyr rises' }
    const postedAtS = Math.floor(Date.now() / 1000)
    const [alert] = await talk.alertsFor(post)
    const from = post.from ?? (post.chat > 0 ? post.chat : undefined)
    expect(alert).toMatchObject({
      profile_name: 'Zephyr',
      text: 'a Zephyr rises',
      score: 1,
      chat: { id: String(post.chat), ...chat(cast) },
      topic_id: null,
      reasons: [
        { kind: 'keyword', label: 'zephyr', category: 'general', weight: 1, matches: [{ offset: 2, length: 6 }] },
      ],
    })
    expect(alert?.sender?.id).toBe(from === undefined ? undefined : String(from))
    expect(Date.parse(alert?.posted_at ?? '') / 1000).toBeGreaterThanOrEqual(postedAtS)
    expect(Date.parse(alert?.posted_at ?? '')).toBeLessThanOrEqual(Date.now())
  })

  it('of a forum keeps its topic, and an answer in it the message it answers', async () => {
    await profile({ name: 'Zephyr', keywords: keywords('zephyr') })
    const [first] = await talk.alertsFor({ chat: cast.forum, from: cast.mara, text: 'zephyr', topic: 2 })
    const reply = { chat: cast.forum, from: cast.noor, text: 'zephyr too', topic: 2, replyTo: first?.message_id ?? 0 }
    const [second] = await talk.alertsFor(reply)
    expect([first?.topic_id, second?.topic_id]).toEqual([2, 2])
    expect(first?.chat).toMatchObject({ kind: 'supergroup', title: 'Forum' })
  })

  it('of my own raises alerts only where a profile asks for my own', async () => {
    await profile({ name: 'Others', keywords: keywords('zephyr') })
    await profile({ name: 'Mine too', keywords: keywords('zephyr'), include_own: true })
    for (const chat of [cast.group, cast.supergroup, cast.mara]) {
      const alerts = await talk.alertsFor({ chat, from: talk.stage.account.id, text: 'my zephyr' })
      expect(alerts.map((alert) => alert.profile_name)).toEqual(['Mine too'])
      expect([alerts[0]?.chat.id, alerts[0]?.sender?.id]).toEqual([String(chat), String(talk.stage.account.id)])
    }
  })

  const ENVELOPES = ['updates', 'short', 'updateShort'] as const
  const CHATS = ['channel', 'supergroup', 'forum', 'group', 'mara'] as const

  it.each(ENVELOPES.flatMap((push) => CHATS.map((chat) => [push, chat] as const)))(
    'in an envelope of the kind %s arrives out of %s, whole and once',
    async (push, chat) => {
      await profile({ name: 'Zephyr', keywords: keywords('zephyr') })
      const text = `zephyr ${push}`
      const from = chat === 'channel' || chat === 'mara' ? {} : { from: cast.noor }
      const alerts = await talk.alertsFor({ chat: cast[chat], text, push, ...from })
      expect(alerts.map((alert) => alert.text)).toEqual([text])
      expect(alerts[0]?.sender?.id).toBe(
        { channel: undefined, mara: String(cast.mara) }[chat as string] ?? from.from?.toString(),
      )
    },
  )

  it('that is pushed again and again is stored and alerted once', async () => {
    await profile({ name: 'Zephyr', keywords: keywords('gale') })
    await talk.stage.control.repeatPushes({ count: 6 })
    for (const chat of [cast.channel, cast.group, cast.mara]) await talk.send({ chat, text: 'gale once' })
    for (const chat of [cast.channel, cast.group, cast.mara])
      await talk.send({ chat, text: 'gale twice', push: 'short' })
    await talk.settled()
    // One more after the repeats: when it is there, they have been taken.
    await talk.post({ chat: cast.channel, text: 'the end' })
    const counts = talk.rows<{ n: number }>(
      "SELECT count(*) AS n FROM messages WHERE text LIKE 'gale %' GROUP BY chat_id, message_id",
    )
    expect(counts).toEqual(Array.from({ length: 6 }, () => ({ n: 1 })))
    const alerts = (await talk.sentinel.api.alerts()).filter(({ text }) => /^gale (once|twice)$/.test(text))
    expect(alerts).toHaveLength(6)
    expect((await talk.sentinel.api.stats()).total_messages).toBe(talk.posted)
  })

  it('arrives in any order, and in one envelope with others', async () => {
    await profile({ name: 'Zephyr', keywords: keywords('zephyr') })
    await talk.stage.control.reversePushes({ count: 4 })
    for (const text of ['zephyr 1', 'zephyr 2', 'zephyr 3', 'zephyr 4']) await talk.send({ chat: cast.channel, text })
    await talk.settled()
    const texts = (await talk.sentinel.api.alerts({ q: 'zephyr', limit: 4 })).map(({ text }) => text)
    expect(texts.sort()).toEqual(['zephyr 1', 'zephyr 2', 'zephyr 3', 'zephyr 4'])
    await talk.stage.control.burst({
      count: 40,
      chats: [cast.channel, cast.group],
      batchSize: 20,
      withKeyword: 'zephyr',
    })
    talk.posted += 40
    await talk.settled()
    expect((await talk.sentinel.api.alerts({ q: 'message' })).map(({ text }) => text).sort()).toEqual([
      'message 0 zephyr',
      'message 10 zephyr',
      'message 20 zephyr',
      'message 30 zephyr',
    ])
  })

  it('that is a poll is found by its question and answers', async () => {
    await profile({ name: 'Zephyr', keywords: keywords('zephyr') })
    const media = { kind: 'poll' as const, question: 'Which wind?', answers: ['Mistral', 'Zephyr'] }
    expect(await fired({ chat: cast.group, from: cast.mara, text: '', media })).toEqual(['Zephyr'])
  })

  it('of every kind that Telegram sends beside messages does no harm', async () => {
    const now = Math.floor(Date.now() / 1000)
    for (const envelope of [
      { _: 'updatesTooLong' },
      {
        _: 'updateShort',
        update: { _: 'updateUserTyping', user_id: cast.mara, action: { _: 'sendMessageTypingAction' } },
        date: now,
      },
      { _: 'updates', updates: [], users: [], chats: [], date: now, seq: 0 },
    ]) {
      await talk.stage.control.pushEnvelope({ envelope })
    }
    await talk.post({ chat: cast.channel, text: 'still here' })
    expect(await talk.sentinel.api.status()).toMatchObject({ connected: true, storage: 'ok' })
  })
})
