/** Where a transaction of the sentinel can be cut: before and after a write to each table, and the commit itself. */
const USUAL = [
  'messages',
  'commit',
  'cursors',
  'traffic',
  'totals',
  'coverage',
  'settings',
  'alerts',
  'alert_profiles',
  'alert_texts',
  'alert_traffic',
  'events',
  'message_versions',
  'message_counts',
  'deletions',
  'chats',
  'users',
  'dialogs',
  'search_words',
  'unreadable_messages',
]
/** Written only where Telegram keeps no difference. */
const OF_HOLES = ['gaps', 'backfills']
/** The writes of a run that are cut at; more would come after its script. */
const COUNTS = [1, 2, 1, 4]

function around(tables: string[]): string[] {
  return tables.flatMap((table) => [`before:${table}`, `after:${table}`])
}

export const BOUNDARIES: readonly string[] = around([...USUAL, ...OF_HOLES])

/** The `n`-th of all there are to be tried, in the form of crash.cjs: neighbouring numbers are different ones. */
export function boundaryAt(n: number, withHoles: boolean): string {
  const every = around(withHoles ? [...OF_HOLES, ...OF_HOLES, ...USUAL] : USUAL)
  // A step that has no divisor in common with their number visits all.
  const boundary = every[(n * 7) % every.length] as string
  return `${boundary}:${COUNTS[Math.floor(n / every.length) % COUNTS.length]}`
}
