/** As in `2026-11-30T12-00-00Z`: sorts by time, and is a name on every file system. */
export function stampOf(moment: Date): string {
  return moment
    .toISOString()
    .replace(/\.\d+Z$/, 'Z')
    .replaceAll(':', '-')
}
