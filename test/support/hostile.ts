import type { FailureBody } from './api-client'
import type { Operation } from './openapi'
import { rawRequest, type RawReply } from './raw-http'
import { TOKEN, type SentinelProcess } from './sentinel-process'

export const JSON_TYPE = { 'Content-Type': 'application/json' }

/** Sends to an operation whatever it is given, with a valid token. */
export function sendTo(
  sentinel: SentinelProcess,
  { method }: Operation,
  target: string,
  headers: Record<string, string> = {},
  body: Buffer | string = '',
): Promise<RawReply> {
  return rawRequest(sentinel.port, { method, target, headers: { Authorization: `Bearer ${TOKEN}`, ...headers } }, body)
}

export function expectFailure({ status, body }: RawReply, wanted: number | number[], codes: string[] = []): void {
  expect([wanted].flat()).toContain(status)
  if (codes.length > 0) expect(codes).toContain((body as FailureBody).code)
}

/** What a hostile request must not do: end the service, break it, or write an error into its log. */
export async function expectUnharmed(sentinel: SentinelProcess): Promise<void> {
  if (sentinel.end) throw new Error(`The sentinel went down: ${sentinel.output.slice(-3000)}`)
  expect((await sentinel.api.request('GET', '/api/health')).status).toBe(200)
  expect(sentinel.output).not.toMatch(/"level":"(error|fatal)"/)
}
