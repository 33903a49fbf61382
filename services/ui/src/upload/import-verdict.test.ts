import { freshStatus, ADA } from '../../test/fake-sentinel'
import type { Status } from '../model'
import { judgeImport } from './import-verdict'

const own = (state: 'verifying' | 'failed', code: string | null = null) => ({
  generation: 2,
  state,
  code,
  message: 'm',
})

test.each<[string, string, Partial<Status>]>([
  ['its own authorization', 'authorized', { authorized: true, session_generation: 2, user_info: ADA }],
  ['an older account', 'waiting', { authorized: true, session_generation: 1, user_info: ADA }],
  [
    'an older account beside it',
    'waiting',
    { authorized: true, session_generation: 1, user_info: ADA, import: own('verifying') },
  ],
  ['an account that is not known yet', 'waiting', { authorized: true, session_generation: 2 }],
  ['its failure', 'rejected', { import: own('failed', 'SESSION_REVOKED') }],
  ['the failure of an older one', 'waiting', { import: { ...own('failed'), generation: 1 } }],
  ['a newer import', 'rejected', { import: { ...own('verifying'), generation: 3 } }],
  ['a newer account', 'rejected', { authorized: true, session_generation: 3, user_info: ADA }],
  ['a missing application', 'needs_app', { import: own('verifying', 'NEEDS_APP'), app_configured: false }],
])('takes %s for %s', (_what, expected, change) => {
  expect(judgeImport({ ...freshStatus(), ...change }, 2).state).toBe(expected)
})
