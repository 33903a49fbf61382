import { contractOf, type Operation } from '../support/openapi'

const ownPaths = new Set(contractOf('ui').operations.map(({ path }) => path))

/** Whether the ui serves this path itself, so that nothing of it is forwarded. */
export function isOwnPath(path: string): boolean {
  return ownPaths.has(path)
}

/** What the ui forwards: all that the sentinel documents under /api; its metrics are for programs on its own port. */
export const forwarded: Operation[] = contractOf('sentinel').operations.filter(
  ({ path }) => path.startsWith('/api/') && !isOwnPath(path),
)
