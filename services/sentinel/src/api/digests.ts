import type { IncomingMessage, ServerResponse } from 'node:http'
import { ok } from '@tgsentinel/kernel/errors'
import type { Handlers } from '@tgsentinel/kernel/contract'
import type { operations } from '../../../../openapi/generated/sentinel'
import type { Digests } from '../digests/digests'
import type { Digest } from '../model'
import { requireRevisionOf, tagOf } from '../profiles/revision-tag'
import type { TimeZone } from '../time-zone'

type Served = Pick<
  operations,
  | 'listDigests'
  | 'createDigest'
  | 'getDigest'
  | 'replaceDigest'
  | 'deleteDigest'
  | 'listDigestRuns'
  | 'previewDigest'
  | 'sendDigest'
  | 'getTimeZone'
  | 'putTimeZone'
>

export function digestHandlers(digests: Digests, timeZone: TimeZone): Handlers<Served> {
  return {
    listDigests: () => ok({ digests: digests.list() }),
    createDigest: ({ body, response }) => ok(tagged(response, digests.create(body)), 'Digest added'),
    getDigest: ({ params, response }) => ok(tagged(response, digests.get(params.id))),
    replaceDigest: ({ params, body, request, response }) =>
      ok(tagged(response, digests.replace(params.id, body, knownBy(request))), 'Digest changed'),
    deleteDigest: ({ params, request }) => {
      digests.delete(params.id, knownBy(request))
      return ok({ id: params.id }, 'Digest deleted')
    },
    listDigestRuns: ({ params }) => ok({ runs: digests.runs(params.id) }),
    previewDigest: ({ params }) => ok(digests.preview(params.id)),
    sendDigest: ({ params }) => ok(digests.send(params.id), 'On its way'),
    getTimeZone: () => ok(timeZone.view),
    putTimeZone: ({ body }) => ok(timeZone.set(body.time_zone), 'Time zone set'),
  }
}

function tagged(response: ServerResponse, digest: Digest): Digest {
  response.setHeader('ETag', tagOf(digest))
  return digest
}

/** Refuses what was changed since the caller saw it. */
function knownBy(request: IncomingMessage): (present: Digest) => void {
  return (present) => requireRevisionOf('digest', present, request.headers['if-match'])
}
