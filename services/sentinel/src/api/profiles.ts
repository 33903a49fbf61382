import { ok } from '@tgsentinel/kernel/errors'
import type { Handlers } from '@tgsentinel/kernel/contract'
import type { operations } from '../../../../openapi/generated/sentinel'
import type { Profiles } from '../profiles'

type Served = Pick<operations, 'listProfiles' | 'createProfile' | 'getProfile' | 'replaceProfile' | 'deleteProfile'>

export function profileHandlers(profiles: Profiles): Handlers<Served> {
  return {
    listProfiles: () => ok({ profiles: profiles.list() }),
    createProfile: ({ body }) => ok(profiles.create(body), 'Profile created'),
    getProfile: ({ params }) => ok(profiles.get(params.id)),
    replaceProfile: ({ params, body }) => ok(profiles.replace(params.id, body), 'Profile replaced'),
    deleteProfile: ({ params }) => {
      profiles.delete(params.id)
      return ok({ id: params.id }, 'Profile deleted')
    },
  }
}
