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
  ['its failure', 'SESSION_REJECTED', { import: own('failed', 'SESSION_REVOKED') }],
  ['its time, which is over', 'NOT_AUTHORIZED_IN_TIME', { import: own('failed', 'TIMEOUT') }],
  ['somebody who cancelled it', 'IMPORT_CANCELLED', { import: own('failed', 'CANCELLED') }],
  ['a full disk', 'STORAGE_UNAVAILABLE', { import: own('failed', 'STORAGE') }],
  ['the failure of an older one', 'waiting', { import: { ...own('failed'), generation: 1 } }],
  ['a newer import', 'SESSION_REJECTED', { import: { ...own('verifying'), generation: 3 } }],
  ['a newer account', 'SESSION_REJECTED', { authorized: true, session_generation: 3, user_info: ADA }],
  ['a missing application', 'NEEDS_APP', { import: own('verifying', 'NEEDS_APP'), app_configured: false }],
])('takes %s for %s', (_what, expected, change) => {
  const verdict = judgeImport({ ...freshStatus(), ...change }, 2)
  expect(verdict.state === 'failed' ? verdict.code : verdict.state).toBe(expected)
})
