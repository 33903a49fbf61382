/** Who does not answer: the page's own server, or the sentinel behind it. */
export type Away = 'nobody' | 'ui' | 'sentinel'

/** What the code of a failed question says about who is there. */
export function awayBy(code: string): Away {
  if (code === 'UI_UNREACHABLE') return 'ui'
  return code.startsWith('SENTINEL_') ? 'sentinel' : 'nobody'
}
