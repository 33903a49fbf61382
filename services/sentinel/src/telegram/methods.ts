/**
 * What may be asked of Telegram, by purpose. Everything else is refused before it is sent: this program reads, and whatever
 * else it comes to do has to be entered here, where it is seen.
 */
export const METHODS = {
  read: ['updates.GetState', 'users.GetUsers', 'messages.GetDialogs'],
} as const satisfies Record<string, readonly string[]>

const ALLOWED: ReadonlySet<string> = new Set(Object.values(METHODS).flat())

/** Whether a method, by GramJS's name of its request, may be called. */
export function isAllowedMethod(name: string): boolean {
  return ALLOWED.has(name)
}
