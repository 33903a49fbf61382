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

describe('profiles', () => {
  it("are evaluated each alone: one's words never fire another", async () => {
    await profile({ name: 'A', keywords: keywords('alpha') })
    await profile({ name: 'B', keywords: keywords('beta') })
    await profile({ name: 'Both', min_score: 2, keywords: keywords('alpha', 'beta') })
    expect(await fired({ chat: cast.channel, text: 'alpha' })).toEqual(['A'])
    expect(await fired({ chat: cast.channel, text: 'beta' })).toEqual(['B'])
    expect(await fired({ chat: cast.channel, text: 'alpha and beta' })).toEqual(['A', 'B', 'Both'])
    expect(await fired({ chat: cast.channel, text: 'alpha alpha' })).toEqual(['A'])
    expect(await fired({ chat: cast.channel, text: 'gamma' })).toEqual([])
  })

  it('add up weights of words, detectors and VIPs, and fire from min_score on', async () => {
    const words = { security: { words: ['exploit', 'zero day'], weight: 1.5 }, risk: { words: ['outage'], weight: 2 } }
    const rules = {
      one_per_story: false,
      keywords: words,
      detectors: { question: 0.5 },
      vip_senders: ['@mara'],
      vip_weight: 3,
    }
    await profile({ name: 'Five', min_score: 5, ...rules })
    await profile({ name: 'Above', min_score: 5.1, ...rules })
    const five = 'an exploit, an exploit: a Zero  Day, and an outage'
    const [alert, ...others] = await talk.alertsFor({ chat: cast.group, from: cast.noor, text: five })
    expect([alert?.profile_name, alert?.score, others]).toEqual(['Five', 5, []])
    expect(await fired({ chat: cast.group, from: cast.noor, text: `${five}?` })).toEqual(['Above', 'Five'])
    const [byVip] = await talk.alertsFor({ chat: cast.group, from: cast.mara, text: 'an outage' })
    expect(byVip).toMatchObject({
      score: 5,
      reasons: [{ label: 'outage' }, { kind: 'vip', label: '@mara', weight: 3 }],
    })
  })

  it('take a VIP and an excluded sender by name, in any case, and by id', async () => {
    await profile({ name: 'By name', vip_senders: ['@MARA'] })
    await profile({ name: 'By id', vip_senders: [String(cast.noor)] })
    await profile({ name: 'Not Mara', keywords: keywords('zephyr'), excluded_senders: ['@Mara'] })
    await profile({ name: 'Not Noor', keywords: keywords('zephyr'), excluded_senders: [String(cast.noor)] })
    expect(await fired({ chat: cast.group, from: cast.mara, text: 'zephyr' })).toEqual(['By name', 'Not Noor'])
    expect(await fired({ chat: cast.group, from: cast.noor, text: 'zephyr' })).toEqual(['By id', 'Not Mara'])
    expect(await fired({ chat: cast.mara, text: 'hello' })).toEqual(['By name'])
  })

  it('ask in a query for the language of a message', async () => {
    await profile({ name: 'Russian', queries: [{ query: '(leak OR утечка) lang:ru' }] })
    await profile({ name: 'Other', queries: [{ query: '(leak OR утечка) -lang:ru' }] })
    expect(await fired({ chat: cast.channel, text: 'Это была большая утечка данных, и никто не знал' })).toEqual([
      'Russian',
    ])
    expect(await fired({ chat: cast.channel, text: 'There was a leak and nobody knew of it' })).toEqual(['Other'])
  })

  it('listen only where their scope says', async () => {
    const rules = { keywords: keywords('zephyr') }
    await profile({ name: 'chat by id', ...rules, scope: { chats: [String(cast.group)] } })
    await profile({ name: 'chat by name', ...rules, scope: { chats: ['@NewsWire'] } })
    await profile({ name: 'not this chat', ...rules, scope: { exclude_chats: [String(cast.group)] } })
    await profile({ name: 'groups', ...rules, scope: { kinds: ['group', 'supergroup'] } })
    await profile({ name: 'nowhere', ...rules, scope: { kinds: ['channel'], chats: [String(cast.group)] } })
    const heard = async (chat: number, from?: number) => fired({ chat, text: 'zephyr', ...(from ? { from } : {}) })
    expect(await heard(cast.channel)).toEqual(['chat by name', 'not this chat'])
    expect(await heard(cast.group, cast.noor)).toEqual(['chat by id', 'groups'])
    expect(await heard(cast.forum, cast.noor)).toEqual(['groups', 'not this chat'])
    expect(await heard(cast.mara)).toEqual(['not this chat'])
  })

  it('take effect with the next message, disabled or replaced', async () => {
    const { id } = await profile({ name: 'A', keywords: keywords('alpha') })
    expect(await fired({ chat: cast.channel, text: 'alpha' })).toEqual(['A'])
    await talk.sentinel.api.replaceProfile(id, { name: 'A', keywords: keywords('beta') })
    expect(await fired({ chat: cast.channel, text: 'alpha' })).toEqual([])
    expect(await fired({ chat: cast.channel, text: 'beta' })).toEqual(['A'])
    await talk.sentinel.api.replaceProfile(id, { name: 'A', keywords: keywords('beta'), enabled: false })
    expect(await fired({ chat: cast.channel, text: 'beta' })).toEqual([])
  })
})

describe('detectors', () => {
  const NAMES = [
    'mention',
    'reply_to_me',
    'question',
    'link',
    'code',
    'one_time_code',
    'media',
    'forwarded',
    'pinned',
  ] as const
  const MESSAGES: [string, string[], (mine: number) => Partial<Post>][] = [
    ['a plain text', [], () => ({ text: 'nothing of note' })],
    ['my name', ['mention'], () => ({ text: 'hello @alexmorgan' })],
    ['another name that begins like mine', [], () => ({ text: 'hello @alexmorgans' })],
    ['an answer to me', ['reply_to_me'], (mine) => ({ text: 'as you say', replyTo: mine })],
    [
      'an answer to me that names me',
      ['mention', 'reply_to_me'],
      (mine) => ({ text: 'yes @alexmorgan', replyTo: mine }),
    ],
    ['a question', ['question'], () => ({ text: 'are you there?' })],
    ['a Chinese question', ['question'], () => ({ text: '你在吗？' })],
    ['a link with a question mark in it', ['link'], () => ({ text: 'see https://example.org/?a=b now' })],
    ['a link behind a word', ['link'], () => ({ text: 'see [this](https://example.org/)', markup: true })],
    ['code', ['code'], () => ({ text: 'run `npm start`', markup: true })],
    ['a block of code', ['code'], () => ({ text: '```ts\nlet a = 1\n```', markup: true })],
    ['a code for signing in', ['one_time_code'], () => ({ text: 'Your login code: 48213' })],
    ['a Russian code', ['one_time_code'], () => ({ text: 'Ваш код подтверждения 482-137' })],
    ['a year', [], () => ({ text: 'the code of conduct since 1999.' + '5' })],
    ['a photo', ['media'], () => ({ text: '', media: { kind: 'photo' } })],
    ['a forward', ['forwarded'], () => ({ text: 'seen elsewhere', forward: { name: 'Somebody' } })],
    ['a pinned message', ['pinned'], (mine) => ({ text: '', pins: mine })],
  ]

  it.each(MESSAGES)('%s fires %j', async (_what, wanted, options) => {
    for (const name of NAMES) await profile({ name, detectors: { [name]: 1 } })
    const mine = await talk.post({ chat: cast.supergroup, from: talk.stage.account.id, text: 'mine' })
    const message = { chat: cast.supergroup, from: cast.noor, text: '', ...options(mine) }
    expect(await fired(message)).toEqual(wanted)
  })
})

describe('words', () => {
  const FOUND: [text: string, word: string, spans: string[]][] = [
    ['an RCE, in source code: rce!', 'rce', ['RCE', 'rce']],
    ['source, force, resource_rce2', 'rce', []],
    ['СРОЧНО: срочно', 'срочно', ['СРОЧНО', 'срочно']],
    ['несрочно', 'срочно', []],
    ['😀😀 найдена уязвимость 🔥 в ядре', 'уязвимость', ['уязвимость']],
    ['👩‍👩‍👧 zero   Day 👍🏽!', 'zero day', ['zero   Day']],
    ['ZERO-DAY и Zero day.', 'zero day', ['ZERO-DAY', 'Zero day']],
    ['Sicherheitslu\u0308cke!', 'Sicherheitslücke', ['Sicherheitslu\u0308cke']],
    ['C++ and c', 'c++', ['C++']],
  ]

  it.each(FOUND)('in "%s" of "%s" stand where the alert says', async (text, word, spans) => {
    await profile({ name: 'Words', keywords: { security: { words: [word] } } })
    const [alert] = await talk.alertsFor({ chat: cast.channel, text })
    const matches = alert?.reasons.flatMap((reason) => reason.matches ?? []) ?? []
    expect(matches.map(({ offset, length }) => text.slice(offset, offset + length))).toEqual(spans)
  })
})
