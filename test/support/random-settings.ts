import type { SettingsFile } from './settings-client'

const YEAR_2099 = '2099-01-01T00:00:00.000Z'

/** Numbers in [0, 1), the same for the same seed. */
function chanceOf(seed: number): () => number {
  let state = seed
  return () => (state = (state * 1_103_515_245 + 12_345) % 2_147_483_648) / 2_147_483_648
}

/** A file as somebody might write it: some of everything, much of it left to defaults. */
export function randomFile(seed: number): SettingsFile {
  const chance = chanceOf(seed)
  const below = (count: number) => Math.floor(chance() * count)
  const some = <T>(most: number, make: (index: number) => T) =>
    Array.from({ length: below(most + 1) }, (_, index) => make(index))
  const oneOf = <T>(...values: T[]) => values[below(values.length)] as T
  const text = () =>
    oneOf('plain', ' blanks ', 'true', '12', 'ё/«ß»', '- dash', 'it\'s "so"', 'a: b # c', '日本', '~') + below(100)
  const maybe = <T extends object>(value: T): Partial<T> => (chance() < 0.5 ? value : {})
  const profiles = some(4, (index) => ({
    name: `P${index} ${text()}`,
    ...maybe({ min_score: below(50) / 10, enabled: chance() < 0.5 }),
    ...maybe({ keywords: { general: { words: some(5, text) }, risk: { words: some(5, text), weight: below(9) } } }),
    ...maybe({ queries: some(3, () => ({ query: `word${below(9)} OR "two words"`, ...maybe({ weight: below(5) }) })) }),
    ...maybe({ scope: { chats: some(3, () => `@chat_${below(9)}`) }, thresholds: { reactions: 1 + below(9) } }),
    ...maybe({ interest: { positive_samples: some(2, () => `${text()}\n${text()}`) }, tell_changes: { edits: true } }),
  }))
  const templates = some(3, (index) => ({
    name: `T${index} ${text()}`,
    title: text(),
    body: `{{ text }}\n${below(9)}\n`,
  }))
  const nameIn = (list: readonly { name: string }[]) => list[below(list.length)]?.name
  const destinations = some(4, (index) => ({
    name: `D${index} ${text()}`,
    target: oneOf(
      { kind: 'saved_messages' as const },
      { kind: 'ntfy' as const, topic: `t${below(9)}` },
      { kind: 'chat' as const, chat: '-100' },
    ),
    ...maybe({
      hears: { ...maybe({ alerts: false }), profiles: profiles.filter(() => chance() < 0.5).map(({ name }) => name) },
    }),
    template: nameIn(templates) ?? null,
  }))
  const kinds = ['hourly', 'every_6h', 'daily', 'weekly'] as const
  const digests = profiles.flatMap(({ name: profile }) =>
    some(2, (index) => {
      const destination = nameIn(destinations) ?? null
      const schedule = { kind: oneOf(...kinds), at: `0${index}:${10 + below(50)}` }
      return { profile, destination, schedule, enabled: destination !== null, ...maybe({ top_n: 1 + below(25) }) }
    }),
  )
  const caps = profiles.map(({ name }) => ({
    profile: name,
    most: 1 + below(9),
    per: oneOf('hour' as const, 'day' as const),
  }))
  return {
    version: 1,
    ...maybe({ time_zone: oneOf('UTC', 'Asia/Tokyo', 'America/New_York') }),
    ...maybe({ dictionary: { groups: some(3, () => [text(), text()]) } }),
    ...maybe({
      watch: { mode: oneOf('all' as const, 'picked' as const), chats: some(3, () => String(1 + below(99))) },
    }),
    ...maybe({
      retention: { kinds: { group: { max_age_days: 1 + below(99), max_messages: null } }, max_size_mb: null },
    }),
    ...{ profiles, templates, destinations, digests },
    ...maybe({
      restraint: {
        caps,
        snoozes: [{ profile: null, until: YEAR_2099 }],
        paused: { all: false, destinations: destinations.map(({ name }) => name) },
      },
    }),
  }
}
