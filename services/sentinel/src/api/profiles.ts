import type { IncomingMessage, ServerResponse } from 'node:http'
import { ok } from '@tgsentinel/kernel/errors'
import type { Handlers } from '@tgsentinel/kernel/contract'
import type { operations } from '../../../../openapi/generated/sentinel'
import { GALLERY } from '../gallery/gallery'
import type { Actor, Profile } from '../model'
import type { Change, Profiles } from '../profiles'
import type { ProfileImports } from '../profiles/import/profile-imports'
import type { Previews } from '../profiles/previews'
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
    listProfiles: () => ok({ profiles: profiles.list().map((profile) => profiles.viewOf(profile)) }),
    createProfile: ({ body, request, response }) =>
      ok(tagged(response, profiles.create(body, actorOf(request))), 'Profile created'),
    getProfile: ({ params, response }) => ok(tagged(response, profiles.viewOf(profiles.get(params.id)))),
    replaceProfile: ({ params, body, request, response }) =>
      ok(tagged(response, profiles.replace(params.id, body, changeOf(request))), 'Profile replaced'),
    deleteProfile: ({ params, request }) => {
      profiles.delete(params.id, request.headers['if-match'])
      return ok({ id: params.id }, 'Profile deleted')
    },
    listRevisions: ({ params }) => ok({ revisions: profiles.revisions(params.id) }),
    restoreRevision: ({ params: { id, revision }, request, response }) =>
      ok(
        tagged(response, profiles.viewOf(profiles.restore(id, revision, changeOf(request)))),
        `Revision ${revision} restored`,
      ),
    listGallery: () => ok({ profiles: [...GALLERY] }),
    importProfiles: async ({ body, request }) => {
      const imported = await imports.import(body.content, actorOf(request))
      return ok(
        { profiles: imported },
        `Imported ${imported.filter(({ id }) => id !== null).length} profiles, disabled`,
      )
    },
    previewProfile: async ({ body, signal }) => ok(await previews.preview(body, signal)),
    getDictionary: () => ok({ groups: profiles.dictionary }),
    putDictionary: ({ body }) => ok({ groups: profiles.replaceDictionary(body.groups) }),
  }
}

function tagged(response: ServerResponse, profile: Profile): Profile {
  response.setHeader('ETag', tagOf(profile))
  return profile
}

function changeOf(request: IncomingMessage): Change {
  return { by: actorOf(request), ifMatch: request.headers['if-match'] }
}

function actorOf(request: IncomingMessage): Actor {
  return request.headers['x-actor'] === 'page' ? 'page' : 'api'
}
