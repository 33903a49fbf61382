import type { RequestOptions } from '../support/api-client'

/** A call that makes an operation answer with a status; against the sentinel that is signed in, or another one. */
export interface ContractCall extends RequestOptions {
  path?: string
  /** Against the sentinel whose environment has no Telegram application. */
  withoutApp?: boolean
  /** Against the one that signs in from nothing. */
  signingIn?: boolean
  /** Once it has answered. */
  after?: () => void
}

/** By operation and status. */
export type Calls = Record<string, Record<string, () => ContractCall | Promise<ContractCall>>>

/** The id of nothing. */
export const NOBODY = 999_999_999
export const json = { 'Content-Type': 'application/json' }
export const refused = { body: '<xml/>', headers: { 'Content-Type': 'text/xml' } }
export const large = { body: JSON.stringify({ name: 'x'.repeat(600 * 1024) }), headers: json }
export const stranger = { token: null }
export const stale = { 'If-Match': '"99"' }
