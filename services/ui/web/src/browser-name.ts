const NAMES: Record<string, string> = { Edg: 'Edge', OPR: 'Opera' }

/** `Firefox on Linux`; what is not known is shown as it came. */
export function browserName(userAgent: string): string {
  const browser = /(Edg|OPR|Firefox|Chrome|Safari)\//.exec(userAgent)?.[1]
  const system = /(Windows|Android|iPhone|iPad|Mac OS X|CrOS|Linux)/.exec(userAgent)?.[1]
  if (!browser) return userAgent.slice(0, 60) || 'Unknown browser'
  return system ? `${NAMES[browser] ?? browser} on ${system}` : (NAMES[browser] ?? browser)
}
