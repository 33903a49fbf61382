/** Whether an object that no client has a constructor for is in it, at whatever depth. */
export function holdsUnknown(value: unknown): boolean {
  if (Array.isArray(value)) return value.some(holdsUnknown)
  if (typeof value !== 'object' || value === null || value instanceof Uint8Array) return false
  return '_' in value && value._ === 'unknown' ? true : Object.values(value).some(holdsUnknown)
}
