import type { operations } from '../../../openapi/generated/sentinel'
import type { Handlers } from './contract'

/**
 * `npm run types` compiles this file: where the contract did not bind, an expected error would be missing and the compiler would
 * say so. There is nothing to run but the proof that the right forms are taken.
 */
type Served = Pick<operations, 'getHealth' | 'deleteProfile' | 'putTelegramApp'>

const right: Handlers<Served> = {
  getHealth: () => ({ status: 'ok', service: 'tgsentinel', timestamp: '' }),
  deleteProfile: ({ params }) => ({ status: 'ok', data: { id: params.id }, error: null }),
  putTelegramApp: ({ body }) => ({ status: 'ok', message: body.api_hash, data: { app_configured: true }, error: null }),
}

// @ts-expect-error an operation without a handler
export const missingOperation: Handlers<Served> = { getHealth: right.getHealth, deleteProfile: right.deleteProfile }

export const wrongBody: Handlers<Served> = {
  ...right,
  // @ts-expect-error a field that the body does not have
  putTelegramApp: ({ body }) => ({ status: 'ok', message: body.hash, data: { app_configured: true }, error: null }),
}

export const wrongParameter: Handlers<Served> = {
  ...right,
  // @ts-expect-error a parameter that the path does not have
  deleteProfile: ({ params }) => ({ status: 'ok', data: { id: params.name }, error: null }),
}

export const incompleteReply: Handlers<Served> = {
  ...right,
  // @ts-expect-error a reply without a required field
  getHealth: () => ({ status: 'ok', service: 'tgsentinel' }),
}

export const wrongReply: Handlers<Served> = {
  ...right,
  // @ts-expect-error a reply with a field of another type
  deleteProfile: () => ({ status: 'ok', data: { id: 'three' }, error: null }),
}

describe('the binding of handlers to the contract', () => {
  it('takes handlers that fit their operations', () => {
    expect(Object.keys(right).sort()).toEqual(['deleteProfile', 'getHealth', 'putTelegramApp'])
  })
})
