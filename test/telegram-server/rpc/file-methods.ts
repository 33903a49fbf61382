import type { TlObject } from '../tl/codec'
import type { World } from '../world/world'
import type { Method } from './dispatcher'
import { readPeer } from './peer-input'
import { RpcError } from './rpc-error'

const MAX_CHUNK_BYTES = 1024 * 1024
const STEP_BYTES = 4096
const PRECISE_STEP_BYTES = 1024

/** Serves the pictures of users and chats, each in the data centre where it lies. Rules: core.telegram.org/api/files */
export function fileMethods(world: World): Record<string, Method> {
  return {
    'upload.getFile': (query, { account, session }) => {
      const location = query['location'] as TlObject
      if (location._ !== 'inputPeerPhotoFileLocation') throw new RpcError(400, 'LOCATION_INVALID')
      const owner = readPeer(world, account, location['peer'] as TlObject)
      const photo = owner > 0 ? world.users.get(owner)?.photo : world.chatOf(owner).photo
      if (!photo || photo.id !== location['photo_id']) throw new RpcError(400, 'LOCATION_INVALID')
      if (photo.dc !== session.key.dc) throw new RpcError(303, `FILE_MIGRATE_${photo.dc}`)
      const { offset, limit } = rangeOf(query)
      const bytes = photo.jpeg.subarray(offset, offset + limit)
      return { _: 'upload.file', type: { _: 'storage.fileJpeg' }, mtime: photo.date, bytes }
    },
  }
}

function rangeOf(query: TlObject): { offset: number; limit: number } {
  const step = query['precise'] ? PRECISE_STEP_BYTES : STEP_BYTES
  const [offset, limit] = [Number(query['offset']), query['limit'] as number]
  if (limit <= 0 || limit > MAX_CHUNK_BYTES || limit % step !== 0) throw new RpcError(400, 'LIMIT_INVALID')
  if (offset < 0 || offset % step !== 0) throw new RpcError(400, 'OFFSET_INVALID')
  return { offset, limit }
}
