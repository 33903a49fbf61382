import { SAMPLE_BODIES } from '../contract/sample-bodies'
import type { Operation } from './openapi'

/** What a body may have at the most where nothing else is said. */
const MAX_BODY = 512 * 1024
const LARGE_BODY = 1_000_000

/** A body that is meant to keep the service busy: what it is, and its text. */
export type Bomb = readonly [what: string, body: string]

/** The worst that we know by what the fields of an operation mean. */
export function bombsFor({ id }: Pick<Operation, 'id'>): Bomb[] {
  return BY_MEANING[id]?.() ?? []
}

/** The worst by form alone. Operations share the code that reads JSON: those of a field are sent to them by turns. */
export function formBombs({ id }: Pick<Operation, 'id'>, turn: number): Bomb[] {
  const sample = SAMPLE_BODIES[id] ?? {}
  const large = (value: unknown) => JSON.stringify({ ...(sample as object), ...(value as object) })
  const field = Object.keys(sample)[turn % Object.keys(sample).length] ?? 'bomb'
  const ofField = fieldBombs(field, large)
  const ofBody: Bomb[] = [
    ['deep lists', nested(MAX_BODY / 2 - 10, '[', ']')],
    ['many unknown fields', large(manyFields())],
  ]
  return [ofBody[turn % ofBody.length] as Bomb, ofField[turn % ofField.length] as Bomb]
}

/** Operations that read the same kind of document: all of its bombs go to one of them, every third to each of the others. */
function third(bombs: Bomb[], turn: number): Bomb[] {
  return bombs.filter((_, at) => at % 3 === turn)
}

function fieldBombs(field: string, large: (value: unknown) => string): Bomb[] {
  const empty = large({ [field]: '' })
  return [
    [`deep objects as ${field}`, empty.replace(`"${field}":""`, `"${field}":${nested(70_000, '{"a":', '}')}`)],
    [`a long text as ${field}`, large({ [field]: 'a '.repeat(240_000) })],
    [`escapes as ${field}`, empty.replace(`"${field}":""`, `"${field}":"${'\\u00e9'.repeat(80_000)}"`)],
    [`a long list as ${field}`, large({ [field]: Array(200_000).fill(1) })],
    [`many fields in ${field}`, large({ [field]: manyFields() })],
    [`lists of lists as ${field}`, large({ [field]: numbers(40_000, () => [[]]) })],
  ]
}

/** As many as fit into a body. */
function manyFields(): Record<string, number> {
  return Object.fromEntries(numbers(35_000, (at) => [`k${at}`, at]))
}

const BY_MEANING: Record<string, () => Bomb[]> = {
  importProfiles: () => [...filesOfYaml().map(asContent), ...filesOfJson().map(asContent)],
  importSettings: () => third([...filesOfYaml(), ...filesOfJson()], 0).map(asContent),
  createProfile: () => profiles(),
  replaceProfile: () => third(profiles(), 0),
  previewProfile: () => third(profiles(), 1),
  startBacktest: () => third(profiles(), 2).map(([what, body]) => [what, `{"profile":${body}}`]),
  putDictionary: () => [
    ['many groups', JSON.stringify({ groups: numbers(2000, (at) => numbers(20, (next) => `w${at}q${next}`)) })],
    ['one word in all groups', JSON.stringify({ groups: numbers(2000, (at) => ['word', `other${at}`]) })],
    ['a chain of groups', JSON.stringify({ groups: numbers(2000, (at) => [`w${at}`, `w${at + 1}`]) })],
    ['long words', JSON.stringify({ groups: numbers(50, () => numbers(50, (at) => `${'ab-'.repeat(32)}${at}`)) })],
  ],
  createTemplate: () => third(templates(), 0).map(([what, body]) => [what, text({ name: 'Bomb', title: '', body })]),
  replaceTemplate: () => third(templates(), 1).map(([what, body]) => [what, text({ name: 'Bomb', title: '', body })]),
  previewTemplate: () => templates().map(([what, body]) => [what, text({ template: { title: '', body } })]),
  testDestination: () => third(templates(), 2).map(([what, body]) => [what, text({ template: { title: '', body } })]),
  importTemplates: () => [
    ...third(templates(), 0).map(([what, body]): Bomb => [
      what,
      text({ templates: [{ name: 'Bomb', title: '', body }] }),
    ]),
    [
      'two hundred long templates',
      text({ templates: numbers(200, (at) => ({ name: `B${at}`, title: '', body: busy(2000) })) }),
    ],
  ],
  putWatch: () => [
    [
      'many chats',
      text({
        mode: 'picked',
        chats: numbers(5000, (at) => `-100${1_000_000 + at}`),
        excluded: numbers(5000, (at) => `${at + 1}`),
      }),
    ],
  ],
  putProxies: () => proxies(),
  testProxies: () => proxies(),
  importSession: () => [
    ['base64 of zeros', text({ session_data: 'A'.repeat(8_000_000) })],
    ['a session string of one sign', text({ session_string: '1'.repeat(4096) })],
    [
      'SQLite that goes round',
      text({
        session_data: Buffer.concat([Buffer.from('SQLite format 3\0'), Buffer.alloc(4_000_000, 1)]).toString('base64'),
      }),
    ],
  ],
  createDestination: () => [
    [
      'many profiles',
      text({ name: 'B', target: { kind: 'saved_messages' }, hears: { profiles: numbers(20_000, (at) => at + 1) } }),
    ],
    ['a long address', text({ name: 'B', target: { kind: 'webhook', url: `https://${'a.'.repeat(900)}example` } })],
  ],
  putRestraint: () => [
    [
      'every rule there may be',
      text({
        quiet_hours: numbers(20, () => ({ from: '00:00', to: '23:59', days: ['monday'] })),
        urgent: { min_score: 1, categories: numbers(100_000, () => 'urgency') },
        caps: numbers(200, (at) => ({ profile_id: at + 1, most: 1, per: 'hour' })),
        snoozes: numbers(200, (at) => ({ profile_id: at + 1, until: '2999-01-01T00:00:00Z' })),
        paused: { all: false, destinations: numbers(50_000, (at) => at + 1) },
      }),
    ],
  ],
}

function filesOfYaml(): Bomb[] {
  const anchors = numbers(
    9,
    (at) =>
      `a${at}: &a${at} [${Array(9)
        .fill(at === 0 ? 'x' : `*a${at - 1}`)
        .join(',')}]`,
  )
  return [
    ['many keys', numbers(60_000, (at) => `key${at}: ${at}`).join('\n')],
    ['many keys in a flow', `{${numbers(60_000, (at) => `k${at}: 1`).join(', ')}}`],
    ['keys that are lists', numbers(20_000, (at) => `? [a, ${at}]\n: 1`).join('\n')],
    ['aliases of aliases', anchors.join('\n')],
    ['many anchors', numbers(3000, (at) => `- &n${at} x`).join('\n') + numbers(3000, (at) => `\n- *n${at}`).join('')],
    ['merge keys', `a: &a {x: 1}\nb:\n${numbers(20_000, () => '  <<: *a').join('\n')}`],
    ['deep flow lists', nested(200_000, '[', ']')],
    ['deep flow objects', nested(100_000, '{a: ', '}')],
    ['deep blocks', numbers(1300, (at) => `${' '.repeat(at)}a:`).join('\n')],
    ['open quotes', '"'.padEnd(LARGE_BODY - 10, 'a\\')],
    ['long plain text', 'a '.repeat(LARGE_BODY / 2 - 10)],
    ['many documents', '---\na: 1\n'.repeat(60_000)],
    ['comments', '# a comment\n'.repeat(80_000)],
    ['tags', numbers(40_000, () => '- !!str a').join('\n')],
    ['tabs', '\t'.repeat(900_000)],
  ]
}

function filesOfJson(): Bomb[] {
  const entry = { name: 'B', keywords: ['a', 'b', 'c'] }
  return [
    ['deep JSON', nested(400_000, '[', ']')],
    [
      'a thousand profiles',
      JSON.stringify(
        numbers(1000, (at) => ({ ...entry, name: `P${at}`, keywords: numbers(80, (n) => `word${at}x${n}`) })),
      ),
    ],
    ['profiles of one name', JSON.stringify(numbers(500, () => entry))],
    [
      'many unknown fields',
      JSON.stringify([{ ...entry, ...Object.fromEntries(numbers(50_000, (at) => [`f${at}`, at])) }]),
    ],
    ['one profile of many words', JSON.stringify([{ name: 'B', keywords: numbers(70_000, (at) => `word${at}`) }])],
  ]
}

function profiles(): Bomb[] {
  const words = (many: number, word: (at: number) => string) => ({ words: numbers(many, word), weight: 1 })
  const queries = (many: number, query: (at: number) => string) =>
    text({ name: 'Kept', queries: numbers(many, (at) => ({ query: query(at), weight: 1 })) })
  const kept = (rules: object) => text({ name: 'Kept', ...rules })
  const filled = (least: string, part: string) => part.repeat(Math.floor((480 - least.length) / part.length))
  return [
    [
      'many words',
      kept({ keywords: { security: words(5000, (at) => `w${at}`), risk: words(5000, (at) => `r${at}`) } }),
    ],
    ['many phrases', kept({ keywords: { security: words(4500, (at) => `${'ab '.repeat(30)}${at}`) } })],
    ['many patterns', kept({ keywords: { security: words(5000, (at) => `w${at}*`) } })],
    ['words of one letter', kept({ keywords: { security: words(4800, () => 'é'.repeat(45)) } })],
    ['long queries', queries(200, () => `${'a OR '.repeat(90)}b`)],
    ['queries in brackets', queries(200, () => nested(240, '(', ')', 'a'))],
    ['repetitions of repetitions', queries(100, (at) => `re:/${filled('000', '(a{1,30}){1,30}')}${at}/`)],
    ['repetitions', queries(100, (at) => `re:/${filled('000', '(a{0,1000}b?)')}${at}/`)],
    ['alternatives', queries(100, (at) => `re:/(${filled('000(b)', '[a-z]+|')}b)${at}/`)],
    ['letters of all scripts', queries(100, (at) => `re:/${filled('000', '\\p{L}')}${at}/i`)],
    ['all letters but some', queries(100, (at) => `re:/${filled('000', '[^\\p{L}]')}${at}/`)],
    ['what may be there or not', queries(20, (at) => `re:/(a?){${300 + at}}a{50}b/`)],
    ['one very long expression', queries(1, () => `re:/${'(x|y)?'.repeat(80_000)}/`)],
    [
      'many senders',
      kept({ vip_senders: numbers(2000, (at) => `@n_${at}`), excluded_senders: numbers(2000, (at) => `${at}`) }),
    ],
    ['long samples', kept({ interest: { positive_samples: numbers(100, (at) => `${'wörd '.repeat(800)}${at}`) } })],
    ['repeated samples', kept({ interest: { positive_samples: numbers(100, () => 'ab'.repeat(2000)) } })],
  ]
}

function templates(): Bomb[] {
  return [
    ['a loop of loops', '{% for a in (1..3000) %}{% for b in (1..3000) %}x{% endfor %}{% endfor %}'],
    ['a long range', '{% for a in (1..1000000000) %}x{% endfor %}'],
    ['a range in an assignment', '{% assign a = (1..1900000) %}{{ a | size }}'],
    ['an expression a member', '{% assign a = (1..190000) %}{{ a | where_exp: "i", "i > 1" | size }}'],
    ['groups by an expression', '{% assign a = (1..190000) %}{{ a | group_by_exp: "i", "i" | size }}'],
    ['members found by an expression', '{% assign a = (1..190000) %}{{ a | find_exp: "i", "i > 190001" }}'],
    [
      'a text that doubles',
      `{% assign a = text %}${'{% assign a = a | append: a %}'.repeat(19)}{{ a | replace: "a", "b" | size }}`,
    ],
    [
      'comparisons of long texts',
      `{% assign a = "ab" %}${'{% assign a = a | append: a %}'.repeat(18)}{% if ${Array(700).fill('a contains "ba b"').join(' and ')} %}{% endif %}x`,
    ],
    ['filters on filters', `{{ text ${'| split: "" | join: "" '.repeat(400)}}}`],
    ['reversals', `{% assign a = (1..90000) %}{{ a ${'| reverse | sort '.repeat(500)}| size }}`],
    ['a table of rows', '{% tablerow a in (1..100000) cols:2 %}x{% endtablerow %}'],
    ['captures', `${'{% capture a %}{{ a }}{{ a }}xxxxxxxxxxxxxxxxx{% endcapture %}'.repeat(150)}{{ a }}`],
    ['deep conditions', `${'{% if a %}'.repeat(480)}x${'{% endif %}'.repeat(480)}`],
    ['many outputs', '{{a}}'.repeat(1990)],
    ['broken tags', '{%'.repeat(4900)],
    ['open brackets', `{{ ${'a['.repeat(4800)} }}`],
    ['a wide date', '{{ "now" | date: "%999999999999Y" }}'],
    [
      'a long strip',
      '{% assign a = " " %}' +
        '{% assign a = a | append: a %}'.repeat(19) +
        '{{ a | strip_html | squish | slugify | size }}x',
    ],
    ['base64 again and again', `{{ text ${'| base64_encode '.repeat(600)}| size }}`],
    ['hashes', `{% for a in (1..100000) %}{{ text | sha256 }}{% endfor %}`],
  ]
}

/** A template that does as much as one may. */
function busy(ranges: number): string {
  return `{% assign a = (1..${ranges}) %}{{ a | reverse | join: "," | size }}{{ text }}`
}

function proxies(): Bomb[] {
  return [
    ['long links', text({ links: numbers(20, () => `socks5://${'a'.repeat(9000)}@host:1`) })],
    ['links of signs', text({ links: numbers(20, () => `https://t.me/proxy?${'server=a&'.repeat(1000)}`) })],
  ]
}

function asContent([what, content]: Bomb): Bomb {
  return [`a file: ${what}`, text({ content })]
}

function text(value: unknown): string {
  return JSON.stringify(value)
}

function nested(levels: number, open: string, close: string, inner = '1'): string {
  return open.repeat(levels) + inner + close.repeat(levels)
}

function numbers<T>(many: number, make: (at: number) => T): T[] {
  return Array.from({ length: many }, (_, at) => make(at))
}
