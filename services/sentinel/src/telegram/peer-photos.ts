import { MINUTE } from '@tgsentinel/kernel/time'
import { isTestDataCentre } from '@tgsentinel/session-codec/session-codec'
import type { TelegramApp } from '../config'
import type { MarkedId } from '../model'
import type { Caller, CallerOptions } from './caller'
import type { ConnectingOptions } from './connecting'
import type { Connection } from './connection'
import { dataCentreOf } from './data-centre'
import type { PeerPhoto } from './dialogs'
import type { Api } from './gramjs'
import { inputPeerOf } from './peer'
import { SideLink } from './side-link'
import { TelegramError, toTelegramError } from './telegram-error'
import { toFailure } from './telegram-failure'

export interface PeerPhotosOptions extends Omit<ConnectingOptions, 'app'> {
  caller: Caller
  app: () => TelegramApp | undefined
}

interface Link {
  side: SideLink
  stop: AbortController
  idle: NodeJS.Timeout
}

const MAX_PHOTO_BYTES = 512 * 1024
const IDLE_MS = MINUTE

/** Reads small photos of chats and people. Those of another data centre are read there, on a connection that closes when it is idle. */
export class PeerPhotos {
  private readonly links = new Map<number, Promise<Link>>()

  constructor(private readonly options: PeerPhotosOptions) {}

  /** @throws ApiError */
  async read(chatId: MarkedId, photo: PeerPhoto, options: CallerOptions): Promise<Buffer> {
    const { caller } = this.options
    let request: Api.upload.GetFile | undefined
    try {
      const file = await caller.call({ ...options, method: 'upload.getFile' }, async (connection, signal) => {
        request = await requestFor(connection, chatId, photo)
        const isElsewhere = photo.dcId !== 0 && photo.dcId !== connection.dcId
        if (isElsewhere) throw new TelegramError('MIGRATE', 303, photo.dcId)
        return connection.call(request, signal)
      })
      return bytesOf(file)
    } catch (error) {
      const dcId = destinationOf(error)
      if (dcId === null || !request) throw toFailure(error)
      return bytesOf(await this.askElsewhere(request, dcId, options))
    }
  }

  /** Closes what is open elsewhere; idempotent. */
  async close(): Promise<void> {
    const links = [...this.links.values()]
    this.links.clear()
    await Promise.all(links.map(async (link) => shut(await link)).map((closing) => closing.catch(() => undefined)))
  }

  private async askElsewhere(request: Api.upload.GetFile, dcId: number, options: CallerOptions): Promise<unknown> {
    try {
      const link = await this.linkTo(dcId, options)
      link.idle.refresh()
      return await link.side.call('upload.getFile', () => request)
    } catch (error) {
      // A key that has become useless there is not tried again.
      if (toTelegramError(error).code === 401) await this.drop(dcId)
      throw toFailure(error)
    }
  }

  private async linkTo(dcId: number, options: CallerOptions): Promise<Link> {
    let link = this.links.get(dcId)
    if (!link) {
      link = this.open(dcId, options)
      this.links.set(dcId, link)
      link.catch(() => this.links.delete(dcId))
    }
    return link
  }

  /** core.telegram.org/api/datacenter: an authorization is exported at home and imported there. */
  private async open(dcId: number, options: CallerOptions): Promise<Link> {
    const { caller, ...connecting } = this.options
    const { Api } = await import('./gramjs')
    const { ticket, start } = await caller.call(
      { ...options, method: 'auth.exportAuthorization' },
      async (main, signal) => {
        const exported = await main.call(new Api.auth.ExportAuthorization({ dcId }), signal)
        return { ticket: exported, start: this.startOf(main, dcId) }
      },
    )
    const app = this.options.app()
    if (!app) throw new TelegramError('NEEDS_APP', 0)
    const stop = new AbortController()
    const side = new SideLink({ ...connecting, app, start, onEnvelope: () => undefined, signal: stop.signal })
    const link = { side, stop, idle: setTimeout(() => void this.drop(dcId), IDLE_MS).unref() }
    const importing = new Api.auth.ImportAuthorization({ id: ticket.id, bytes: ticket.bytes })
    await side
      .call('auth.importAuthorization', () => importing)
      .catch(async (error: unknown) => {
        await shut(link)
        throw error
      })
    return link
  }

  private startOf(main: Connection, dcId: number) {
    return dataCentreOf(main.config, dcId, isTestDataCentre(main.address), this.options.dataCentres)
  }

  private async drop(dcId: number): Promise<void> {
    const link = this.links.get(dcId)
    this.links.delete(dcId)
    if (link)
      await link.then(shut).catch((error: unknown) => this.options.log.debug({ err: error }, 'a link did not close'))
  }
}

async function shut({ side, stop, idle }: Link): Promise<void> {
  clearTimeout(idle)
  stop.abort(new TelegramError('ABORTED', 0))
  await side.close()
}

async function requestFor(connection: Connection, chatId: MarkedId, photo: PeerPhoto): Promise<Api.upload.GetFile> {
  const { Api, helpers } = await import('./gramjs')
  const peer = await inputPeerOf(connection, chatId)
  const location = new Api.InputPeerPhotoFileLocation({ peer, photoId: helpers.returnBigInt(photo.id) })
  return new Api.upload.GetFile({ location, offset: helpers.returnBigInt(0), limit: MAX_PHOTO_BYTES })
}

/** The data centre that an error sends us to, null where it does not. */
function destinationOf(error: unknown): number | null {
  const { cause } = error as { cause?: unknown }
  return cause instanceof TelegramError && cause.type === 'MIGRATE' ? cause.argument : null
}

function bytesOf(file: unknown): Buffer {
  const { className, bytes } = file as { className: string; bytes?: Buffer }
  if (className !== 'upload.File' || !bytes || bytes.length === 0) throw new TelegramError('FILE_UNAVAILABLE', 404)
  return bytes
}
