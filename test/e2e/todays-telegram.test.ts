import type { TlObject } from '../telegram-server/tl/codec'
import { OLDER_LAYER } from '../telegram-server/tl/layers'
import { Conversation, usualCast, type Post } from '../support/conversation'
import { until } from '../support/until'

const plain = (text: string): TlObject => ({ _: 'textPlain', text })
const words = (text: string): TlObject => ({ _: 'textWithEntities', text, entities: [] })
const paragraph = (text: TlObject): TlObject => ({ _: 'pageBlockParagraph', text })
const richMessage = (blocks: TlObject[], part = false): TlObject => ({
  ...{ _: 'richMessage', part, blocks, photos: [], documents: [] },
})
const voice = (id: number): TlObject => ({
  _: 'messageMediaDocument',
  voice: true,
  document: {
    ...{ _: 'document', id, access_hash: id, file_reference: Buffer.alloc(0), date: 1, mime_type: 'audio/ogg' },
    ...{ size: 900, dc_id: 2, attributes: [{ _: 'documentAttributeAudio', voice: true, duration: 14 }] },
  },
})
const checklist: TlObject = {
  _: 'messageMediaToDo',
  todo: {
    ...{ _: 'todoList', title: words('Trip to Zephyria') },
    list: [
      { _: 'todoItem', id: 1, title: words('passport') },
      { _: 'todoItem', id: 2, title: words('zephyrtickets') },
    ],
  },
  completions: [
    { _: 'todoCompletion', id: 2, completed_by: { _: 'peerUser', user_id: 700000002 }, date: 1_790_000_000 },
  ],
}

const PROFILE = {
  name: 'Zephyr',
  min_score: 1,
  keywords: { general: { words: ['zephyrpost', 'zephyrtickets', 'zephyrlink', 'zephyrtail'], weight: 2 } },
  queries: [{ query: 're:/zephyr\\.example/', weight: 2 }],
  detectors: { private: 1 },
}

describe('what a person can read in today’s Telegram', () => {
  let talk: Conversation
  let cast: Awaited<ReturnType<typeof usualCast>>

  beforeAll(async () => {
    ;({ talk, cast } = await Conversation.open(usualCast))
    for (const { id } of await talk.sentinel.api.profiles()) await talk.sentinel.api.deleteProfile(id)
    await talk.sentinel.api.createProfile(PROFILE as never)
  })

  afterAll(() => talk.close())

  const found = async (q: string): Promise<number[]> => {
    let ids: number[] = []
    await until(`the index to have ${q}`, async () => {
      const { hits, waiting } = await talk.sentinel.api.search({ q })
      ids = hits.map(({ message_id: id }) => id)
      return waiting === 0
    })
    return ids
  }

  const cases: [string, () => Post, string, string][] = [
    [
      'a rich post',
      () => ({
        ...{ chat: cast.channel, text: '' },
        fields: {
          rich_message: richMessage([
            { _: 'pageBlockHeading1', text: plain('A headline') },
            paragraph({ _: 'textConcat', texts: [plain('with the '), { _: 'textBold', text: plain('zephyrpost') }] }),
          ]),
        },
      }),
      'zephyrpost',
      'A headline\nwith the zephyrpost',
    ],
    [
      'a checklist',
      () => ({ chat: cast.supergroup, from: cast.mara, text: '', fields: { media: checklist } }),
      'zephyrtickets',
      'Trip to Zephyria\n- passport\n- zephyrtickets',
    ],
    [
      'where a link leads',
      () => ({
        ...{ chat: cast.supergroup, from: cast.mara, text: 'click here' },
        entities: [{ type: 'textUrl', offset: 6, length: 4, url: 'https://zephyr.example/zephyrlink' }],
      }),
      'zephyrlink',
      'click here\nhttps://zephyr.example/zephyrlink',
    ],
  ]

  it.each(cases)('%s is found by search, by a keyword, and told in an alert', async (_name, post, word, text) => {
    const message = await talk.post(post())
    expect(await found(word)).toContain(message)
    const [alert] = await talk.alertsOf(post().chat, message)
    expect(alert?.text).toBe(text)
    expect(alert?.reasons.some(({ label }) => label === word)).toBe(true)
  })

  it('a voice message without a word is named in its alert', async () => {
    const [alert] = await talk.alertsFor({ chat: cast.mara, text: '', fields: { media: voice(81) } })
    expect(alert?.medium).toEqual({ kind: 'document', label: 'Voice message, 0:14' })
  })

  it('who joins Telegram, and what a VIP does, raises no alert', async () => {
    const joined = { chat: cast.noor, text: '', action: { _: 'messageActionContactSignUp' } }
    expect(await talk.alertsFor(joined)).toEqual([])
  })

  it('the rest of a rich post of which a part came is fetched and found', async () => {
    const begin = paragraph(plain('it begins'))
    const whole = richMessage([begin, paragraph(plain('and ends with zephyrtail'))])
    const message = await talk.post({
      ...{
        chat: cast.channel,
        text: '',
        fields: { rich_message: richMessage([begin], true) },
        wholeRichMessage: whole,
      },
    })
    await until('the whole post', async () => (await found('zephyrtail')).includes(message))
    await until('an alert of its end', async () => (await talk.alertsOf(cast.channel, message)).length === 1)
    const { unreadable } = (await talk.sentinel.api.status()).coverage
    expect(unreadable).toBe(0)
  })

  it('what Telegram withholds from an older client is said, chat by chat, and read again when it is told', async () => {
    await talk.stage.control.withholdAbove({ layer: OLDER_LAYER })
    const message = await talk.post({
      ...{
        chat: cast.channel,
        text: '',
        fields: { rich_message: richMessage([paragraph(plain('withheld zephyrpost'))]) },
      },
    })
    await until('the coverage to say so', async () => (await talk.sentinel.api.status()).coverage.unreadable === 1)
    const { coverage, unreadable } = await talk.sentinel.api.chatCoverage(cast.channel)
    expect(coverage.unreadable).toBe(1)
    expect(unreadable[0]).toMatchObject({ message_id: message, reason: 'unsupported' })
    await talk.stage.control.withholdAbove({ layer: null })
    await talk.stage.control.editMessage({ chat: cast.channel, messageId: message, text: '' })
    await until('it to be read', async () => (await found('withheld')).includes(message))
    await until('nothing to be unreadable', async () => (await talk.sentinel.api.status()).coverage.unreadable === 0)
  })
})
