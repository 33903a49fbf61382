import { asProfile } from '../profiles/as-profile'
import type { Profile } from '../model'
import { MessageFlag } from '../model'
import { Scorer, type Scorable } from './scoring'

const EMPTY = asProfile({ name: 'Test' })

function profile(changes: Partial<Profile>): Profile {
  return { ...EMPTY, ...changes }
}

function looksFor(...words: string[]): Profile {
  return profile({ keywords: { general: { words } } })
}

function message(text: string, changes: Partial<Scorable> = {}): Scorable {
  return {
    row: 1,
    chatId: -1_000_000_000_042,
    messageId: 7,
    topicId: null,
    senderId: 5,
    date: 0,
    text,
    flags: 0,
    replyToId: null,
    media: null,
    groupedId: null,
    chatKind: 'supergroup',
    chatUsername: 'devchat',
    senderUsername: 'Ada',
    ...changes,
  }
}

/** What of the text was found, as it stands there. */
function highlights(text: string, ...words: string[]): string[] {
  const [match] = new Scorer([looksFor(...words)]).score(message(text))
  const spans = match?.reasons.flatMap((reason) => reason.matches ?? []) ?? []
  return spans.map(({ offset, length }) => text.slice(offset, offset + length))
}

describe('words', () => {
  it.each([
    ['rce', 'An RCE was found', ['RCE']],
    ['rce', 'the source code', []],
    ['rce', 'resource, sourced', []],
    ['zero day', 'a zero-day in the wild', ['zero-day']],
    ['zero day', 'zero\u00a0day', ['zero\u00a0day']],
    ['zero day', 'zero. Day after day', []],
    ['zero day', 'zero a day', []],
    ['ёлка', 'ЕЛКА горит', ['ЕЛКА']],
    ['елка', 'под ёлкой ёлка', ['ёлкой', 'ёлка']],
    ['срочно', '🔥🔥 СРОЧНО: всем', ['СРОЧНО']],
    ['уязвимость', 'уязвимостью', ['уязвимостью']],
    ['緊急', '本日緊急メンテナンス', ['緊急']],
    ['безпека', 'Безпека понад усе', ['Безпека']],
    ['straße', 'Die STRASSE und die Straße', ['STRASSE', 'Straße']],
    ['café', 'un cafe\u0301 noir', ['cafe\u0301']],
    ['security', 'ｓｅｃｕｒｉｔｙ notice', ['ｓｅｃｕｒｉｔｙ']],
    ['security', 'sec\u200burity', ['sec\u200burity']],
    ['security', '𝘀𝗲𝗰𝘂𝗿𝗶𝘁𝘆 alert', ['𝘀𝗲𝗰𝘂𝗿𝗶𝘁𝘆']],
    ['final', 'the ﬁnal call', ['ﬁnal']],
    ['c++', 'we use C++ and C', ['C++']],
    ['c++', 'c+d, c', []],
    ['data breach', 'two data breaches', ['data breaches']],
    ['breach data', 'data breaches', []],
    ['уязвимость', 'новые уязвимoсти', ['уязвимoсти']],
    ['password', 'your pаsswоrds', ['pаsswоrds']],
    ['c#', 'C# developers', ['C#']],
    ['hotfix', '#hotfix please', ['hotfix']],
    ['cve 2024 3094', 'CVE-2024-3094 is out', ['CVE-2024-3094']],
    ['urgent', 'urgent URGENT urgently', ['urgent', 'URGENT']],
    ["don't", "please don't panic", ["don't"]],
    ['안녕', '안녕 여러분', ['안녕']],
    ['سلام', 'سلام عليكم', ['سلام']],
    ['👍', 'nice 👍', ['👍']],
  ])('%s in %j', (word, text, found) => {
    expect(highlights(text, word)).toEqual(found)
  })

  it('finds every word of a list in one text, phrases that share a beginning too', () => {
    expect(highlights('data loss and data breach, data', 'data', 'data loss', 'data breach').sort()).toEqual(
      ['data', 'data loss', 'data breach'].sort(),
    )
  })

  it('tells words apart whose hashes share a slot', () => {
    const words = Array.from({ length: 5000 }, (_, index) => `word${index}`)
    expect(highlights('word17 word4999 word5000', ...words)).toEqual(['word17', 'word4999'])
  })
})

describe('word forms', () => {
  const found = (word: string, text: string, changes: Partial<Profile> = {}, dictionary: string[][] = []) =>
    new Scorer([{ ...looksFor(word), ...changes }], dictionary).score(message(text)).length > 0

  it.each([
    ['vulnerability', 'vulnerabilities', true],
    ['leak', 'it leaked', true],
    ['утечка', 'много утечек', true],
    ['mise à jour', 'deux mises à jour', true],
    ['университет', 'университеты', true],
    ['universe', 'university', false],
    ['rce', 'rces', true],
    ['ban', 'bans', true],
  ])('of %s in %j', (word, text, isFound) => {
    expect(found(word, text)).toBe(isFound)
    expect(found(word, text, { word_forms: false })).toBe(false)
  })

  it('are found for a profile of a former version, too', () => {
    const { word_forms: _, queries: __, ...stored } = looksFor('leak')
    expect(new Scorer([stored as Profile]).score(message('leaks'))).toHaveLength(1)
  })

  it.each([
    ['person', 'people', true],
    ['person', 'peoples', true],
    ['persons', 'people', true],
    ['missing person', 'missing people', true],
    ['vulnerability', 'two security bulletins', true],
    ['security bulletin', 'cve', true],
    ['person', 'folk', false],
  ])('of a dictionary: %s finds %j', (word, text, isFound) => {
    const dictionary = [
      ['person', 'people'],
      ['vulnerability', 'cve', 'security bulletin'],
    ]
    expect(found(word, text, {}, dictionary)).toBe(isFound)
    expect(found(word, text, { word_forms: false }, dictionary)).toBe(false)
  })

  it('are found once where two entries of a dictionary are', () => {
    const dictionary = [['zero day', 'zero days', 'unknown hole']]
    const [match] = new Scorer([looksFor('zero day')], dictionary).score(message('zero days, unknown holes'))
    expect(match?.reasons.map(({ matches }) => matches?.length)).toEqual([2])
  })

  it('are told apart when more words were read than are remembered', () => {
    const scorer = new Scorer([looksFor('leak')])
    for (let row = 0; row < 5; row++) {
      const words = Array.from({ length: 20_000 }, (_, index) => `q${row}x${index}`)
      expect(scorer.score(message(words.join(' ')))).toEqual([])
      expect(scorer.score(message('two leaks'))).toHaveLength(1)
    }
    const all = Array.from({ length: 150_000 }, (_, index) => `z${index}`)
    expect(scorer.score(message(`${all.join(' ')} leaks`))).toHaveLength(1)
  })
})

describe('a profile', () => {
  it('adds a category’s weight once a word, however often the word stands there', () => {
    const scorer = new Scorer([
      profile({
        keywords: { urgency: { words: ['urgent', 'asap'], weight: 2 }, risk: { words: ['outage'], weight: 0.5 } },
      }),
    ])
    const [match] = scorer.score(message('urgent urgent outage'))
    expect(match?.score).toBe(2.5)
    expect(match?.reasons.map(({ label, category, weight }) => [label, category, weight])).toEqual([
      ['urgent', 'urgency', 2],
      ['outage', 'risk', 0.5],
    ])
  })

  it('fires at its least score and not below', () => {
    const rules = { keywords: { general: { words: ['a1', 'b2'], weight: 1 } }, min_score: 2 }
    const scorer = new Scorer([profile(rules)])
    expect(scorer.score(message('a1'))).toEqual([])
    expect(scorer.score(message('a1 b2'))).toHaveLength(1)
  })

  it('does not fire for nothing, even at a least score of zero', () => {
    expect(new Scorer([profile({ min_score: 0, detectors: { link: 1 } })]).score(message('hello'))).toEqual([])
  })

  it('is evaluated alone: one’s words never fire another', () => {
    const scorer = new Scorer([
      { ...looksFor('alpha'), id: 1 },
      { ...looksFor('beta'), id: 2 },
      profile({ id: 3, detectors: { question: 1 } }),
    ])
    expect(scorer.score(message('beta')).map((match) => match.profile.id)).toEqual([2])
    expect(scorer.score(message('alpha?')).map((match) => match.profile.id)).toEqual([1, 3])
  })

  it('keeps its own score when several look for the same word', () => {
    const scorer = new Scorer([
      profile({ id: 1, keywords: { general: { words: ['same'], weight: 1 } } }),
      profile({ id: 2, keywords: { security: { words: ['same'], weight: 7 } } }),
    ])
    expect(scorer.score(message('same')).map((match) => match.score)).toEqual([1, 7])
  })

  it('is silent while it is disabled', () => {
    expect(new Scorer([profile({ ...looksFor('x1'), enabled: false })]).score(message('x1'))).toEqual([])
  })

  it.each(['@ada', '@ADA', '5'])('adds the weight of a VIP named %s', (name) => {
    const [match] = new Scorer([profile({ vip_senders: [name], vip_weight: 4 })]).score(message('hi'))
    expect(match?.score).toBe(4)
    expect(match?.reasons).toEqual([{ kind: 'vip', label: '@Ada', weight: 4 }])
  })

  it('never fires for an excluded sender', () => {
    const rules = { ...looksFor('x1'), excluded_senders: ['@Ada'] }
    expect(new Scorer([rules]).score(message('x1'))).toEqual([])
    expect(new Scorer([rules]).score(message('x1', { senderUsername: 'bob', senderId: 6 }))).toHaveLength(1)
  })

  it.each([
    [{ chats: ['-1000000000042'] }, 1],
    [{ chats: ['@DevChat'] }, 1],
    [{ chats: ['@other'] }, 0],
    [{ exclude_chats: ['@devchat'] }, 0],
    [{ kinds: ['supergroup' as const] }, 1],
    [{ kinds: ['private' as const] }, 0],
  ])('listens within its scope %j', (scope, count) => {
    expect(new Scorer([{ ...looksFor('x1'), scope }]).score(message('x1'))).toHaveLength(count)
  })

  it('leaves my own messages out unless it is told otherwise', () => {
    const own = message('x1', { flags: MessageFlag.outgoing })
    expect(new Scorer([looksFor('x1')]).score(own)).toEqual([])
    expect(new Scorer([{ ...looksFor('x1'), include_own: true }]).score(own)).toHaveLength(1)
  })

  it('gives the same answer for the same message whatever came before', () => {
    const scorer = new Scorer([looksFor('x1', 'y2')])
    const first = scorer.score(message('x1 and y2'))
    scorer.score(message('nothing'))
    scorer.score(message('x1 x1 x1'))
    expect(scorer.score(message('x1 and y2'))).toEqual(first)
  })

  it('scores a text of any length and of broken surrogates', () => {
    const scorer = new Scorer([looksFor('end')])
    expect(scorer.score(message(`${'word '.repeat(20_000)}end`))).toHaveLength(1)
    expect(scorer.score(message('\ud83d end \udc00'))).toHaveLength(1)
    expect(scorer.score(message('\ud800 end'))).toHaveLength(1)
  })
})

describe('detectors', () => {
  it.each([
    ['mention', 'hi', MessageFlag.namesMe, true],
    ['mention', 'hi', MessageFlag.mentioned, false],
    ['reply_to_me', 'hi', MessageFlag.replyToMe, true],
    ['link', 'hi', MessageFlag.link, true],
    ['code', 'hi', MessageFlag.code, true],
    ['media', '', MessageFlag.media, true],
    ['forwarded', 'hi', MessageFlag.forwarded, true],
    ['pinned', '', MessageFlag.pinned, true],
    ['question', 'Is it up?', 0, true],
    ['question', '今日は？', 0, true],
    ['question', 'see https://example.org/?q=1', 0, false],
    ['question', 'no', 0, false],
    ['document', '', 0, false],
    ['one_time_code', 'Your login code: 48213. Do not share it.', 0, true],
    ['one_time_code', 'Код подтверждения 123-456', 0, true],
    ['one_time_code', 'Код: 4821', 0, true],
    ['one_time_code', '認証コード 992811', 0, true],
    ['one_time_code', 'the code review of PR #48213', 0, false],
    ['one_time_code', 'error code in 2024-11-02', 0, false],
    ['one_time_code', 'price 48213', 0, false],
  ] as const)('%s of %j', (detector, text, flags, fires) => {
    const scorer = new Scorer([profile({ detectors: { [detector]: 1 } })])
    expect(scorer.score(message(text, { flags })).length > 0).toBe(fires)
  })

  it.each([
    ['document', { media: 'document' }, true],
    ['document', { media: 'document', facts: file('application/pdf', 'a.pdf') }, true],
    ['document', { media: 'document', facts: file('video/mp4', 'talk.mp4') }, true],
    ['document', { media: 'document', facts: file('video/mp4', null) }, false],
    ['document', { media: 'document', facts: file('audio/ogg', null) }, false],
    ['document', { media: 'document', facts: file('audio/mpeg', 'song.mp3') }, true],
    ['document', { media: 'document', facts: file('image/webp', 'sticker.webp') }, false],
    ['document', { media: 'document', facts: file('application/x-tgsticker', 'AnimatedSticker.tgs') }, false],
    ['document', { media: 'document', facts: file('video/webm', 'sticker.webm') }, false],
    ['document', { media: 'document', facts: file('video/mp4', 'animation.gif.mp4') }, false],
    ['document', { media: 'photo' }, false],
    ['poll', { media: 'poll' }, true],
    ['poll', { media: 'photo' }, false],
    ['private', { chatKind: 'private' as const }, true],
    ['private', { chatKind: 'private' as const, flags: MessageFlag.outgoing }, false],
    ['private', { chatKind: 'group' as const }, false],
  ] as const)('%s of %j', (detector, changes, fires) => {
    const scorer = new Scorer([profile({ detectors: { [detector]: 1 }, include_own: true })])
    expect(scorer.score(message('hi', changes)).length > 0).toBe(fires)
  })
})

function file(mimeType: string, name: string | null) {
  return { file: { name, mimeType, sizeBytes: 1, durationS: null } }
}

describe('reactions and answers', () => {
  const received = (reactions: number, replies: number) => message('plain', { received: { reactions, replies } })
  const fires = (thresholds: Partial<Profile['thresholds']>, scored: Scorable) =>
    new Scorer([profile({ thresholds: { reactions: null, replies: null, weight: 1, ...thresholds } })])
      .score(scored)
      .flatMap(({ reasons }) => reasons.map(({ label, count, weight }) => [label, count, weight]))

  it.each([
    [{ reactions: 5 }, received(4, 9), []],
    [{ reactions: 5 }, received(5, 0), [['reactions', 5, 1]]],
    [{ replies: 2, weight: 3 }, received(0, 2), [['replies', 2, 3]]],
    [{ reactions: 1, replies: 1, weight: 0.5 }, received(7, 8), [['reactions', 7, 0.5], ['replies', 8, 0.5]]], // prettier-ignore
    [{}, received(1000, 1000), []],
    [{ reactions: 1 }, message('not looked up'), []],
  ])('%j', (thresholds, scored, reasons) => {
    const sum = reasons.reduce((total, [, , weight]) => total + Number(weight), 0)
    expect(fires(thresholds, scored)).toEqual(sum >= 1 ? reasons : [])
  })

  it('are asked for only where a profile looks at them, as admins are', () => {
    const wants = (changes: Partial<Profile>) => new Scorer([profile(changes)]).wants
    expect(wants({ detectors: { link: 1 } })).toEqual({ counts: false, admins: false })
    expect(wants({ thresholds: { reactions: null, replies: 3, weight: 1 } })).toEqual({ counts: true, admins: false })
    expect(wants({ detectors: { admin: 1 } })).toEqual({ counts: false, admins: true })
    expect(wants({ detectors: { admin: 1 }, enabled: false })).toEqual({ counts: false, admins: false })
  })
})

describe('an admin', () => {
  const GROUP = -1_000_000_000_042
  it.each([
    ['somebody of the roster', { isByAdmin: true }, true],
    ['somebody else', { isByAdmin: false }, false],
    ['somebody of whom nothing was read', {}, false],
    ['the group itself', { senderId: GROUP }, true],
    ['nobody who is named', { senderId: null }, true],
    ['another channel', { senderId: -1_000_000_000_043 }, false],
    ['a channel in itself', { chatKind: 'channel', senderId: null }, false],
    ['an admin in a private chat', { chatKind: 'private', isByAdmin: true }, false],
  ] as const)('is %s: %j', (_who, changes, isAdmin) => {
    const scorer = new Scorer([profile({ detectors: { admin: 1 } })])
    expect(scorer.score(message('hello', changes))).toHaveLength(isAdmin ? 1 : 0)
  })

  it('matters in chats that the profile listens to', () => {
    const scorer = new Scorer([profile({ detectors: { admin: 1 }, scope: { chats: ['@devchat'] } })])
    const place = { chatId: GROUP, chatKind: 'supergroup' as const }
    expect(scorer.wantsAdminsOf({ ...place, chatUsername: 'devchat' })).toBe(true)
    expect(scorer.wantsAdminsOf({ ...place, chatUsername: 'other' })).toBe(false)
  })
})
