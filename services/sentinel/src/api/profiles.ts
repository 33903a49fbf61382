import type { IncomingMessage, ServerResponse } from 'node:http'
import { ok } from '@tgsentinel/kernel/errors'
import { actorOf } from './actor'
import type { Handlers } from '@tgsentinel/kernel/contract'
import type { operations } from '../../../../openapi/generated/sentinel'
import { GALLERY } from '../gallery/gallery'
import type { Profile } from '../model'
import type { Change, Profiles } from '../profiles'
import type { ProfileImports } from '../profiles/import/profile-imports'
import type { Previews } from '../profiles/previews'
import { requireLiveRules, requireLiveWords } from '../profiles/dead-rules'
import { tagOf } from '../profiles/revision-tag'

type Served = Pick<
  operations,
  | 'listProfiles'
  | 'createProfile'
  | 'getProfile'
  | 'replaceProfile'
  | 'deleteProfile'
  | 'listRevisions'
  | 'restoreRevision'
  | 'listGallery'
  | 'importProfiles'
  | 'previewProfile'
  | 'getDictionary'
  | 'putDictionary'
>

export function profileHandlers(profiles: Profiles, imports: ProfileImports, previews: Previews): Handlers<Served> {
  return {
    listProfiles: async () => {
      const views: Profile[] = []
      for (const profile of profiles.list()) views.push(await profiles.viewOf(profile))
      return ok({ profiles: views })
    },
    createProfile: async ({ body, request, response }) => {
      await requireLiveRules(body)
      const created = profiles.create(body, actorOf(request))
      await profiles.settled
      return ok(tagged(response, created), 'Profile created')
    },
    getProfile: async ({ params, response }) => ok(tagged(response, await profiles.viewOf(profiles.get(params.id)))),
    replaceProfile: async ({ params, body, request, response }) => {
      await requireLiveRules(body)
      const replaced = profiles.replace(params.id, body, changeOf(request))
      await profiles.settled
      return ok(tagged(response, replaced), 'Profile replaced')
    },
    deleteProfile: ({ params, request }) => {
      profiles.delete(params.id, request.headers['if-match'])
      return ok({ id: params.id }, 'Profile deleted')
    },
    listRevisions: ({ params }) => ok({ revisions: profiles.revisions(params.id) }),
    restoreRevision: async ({ params: { id, revision }, request, response }) => {
      const restored = profiles.restore(id, revision, changeOf(request))
      await profiles.settled
      return ok(tagged(response, await profiles.viewOf(restored)), `Revision ${revision} restored`)
    },
    listGallery: () => ok({ profiles: [...GALLERY] }),
    importProfiles: async ({ body, request, signal }) => {
      const imported = await imports.import(body.content, actorOf(request), signal)
      return ok(
        { profiles: imported },
        `Imported ${imported.filter(({ id }) => id !== null).length} profiles, disabled`,
      )
    },
    previewProfile: async ({ query, body, signal }) => ok(await previews.preview(body, query.profile, signal)),
    getDictionary: () => ok({ groups: profiles.dictionary }),
    putDictionary: async ({ body }) => {
      await requireLiveWords(body.groups)
      const groups = profiles.replaceDictionary(body.groups)
      await profiles.settled
      return ok({ groups })
    },
  }
}

function tagged(response: ServerResponse, profile: Profile): Profile {
  response.setHeader('ETag', tagOf(profile))
  return profile
}

function changeOf(request: IncomingMessage): Change {
  return { by: actorOf(request), ifMatch: request.headers['if-match'] }
}
