import type { components } from '../../../openapi/generated/sentinel'

type Schemas = components['schemas']

export const NO_SIGN_IN: Schemas['SignIn'] = {
  step: 'none',
  method: null,
  message: 'No sign-in is under way.',
  code: null,
  phone: null,
  code_type: null,
  code_length: null,
  code_hint: null,
  next_type: null,
  resend_at: null,
  qr: null,
  password_hint: null,
  generation: null,
}

/** The session that a status speaks of. */
export function sampleSession(status: Schemas['Status']): Schemas['Session'] {
  const { state, user_info, session_generation: generation } = status
  const moments = { signed_in_at: null, connected_since: null }
  const file = { session_path: 'x.session', size: 28_672, known_peers: 0, origin: 'import' as const }
  return { state, user_info, generation, dc_id: 2, server: '149.154.167.51:443', is_test: false, ...moments, ...file }
}
