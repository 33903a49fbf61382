import { MINUTE } from '@tgsentinel/kernel/time'
import { isTestDataCentre } from '@tgsentinel/session-codec/session-codec'
import type { TelegramApp } from '../config'
import type { MarkedId } from '../model'
import { within } from './bounded-wait'
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

/** Known from its first step on, so that it can be given up at any of them. */
interface Link {
  stop: AbortController
  made: Promise<SideLink>
  callers: number
  idle: NodeJS.Timeout | undefined
}

type LimitedOptions = CallerOptions & { timeoutMs: number }

const MAX_PHOTO_BYTES = 512 * 1024
const IDLE_MS = MINUTE

/** Reads small photos of chats and people. Those of another data centre are read there, on a connection that closes when it is idle. */
export class PeerPhotos {
  private readonly links = new Map<number, Link>()

  constructor(private readonly options: PeerPhotosOptions) {}

  /** @throws ApiError */
  async read(chatId: MarkedId, photo: PeerPhoto, options: CallerOptions): Promise<Buffer> {
    try {
      return bytesOf(await this.ask(chatId, photo, options))
    } catch (error) {
      throw toFailure(error)
    }
  }

  /** Closes what is open elsewhere and gives up what is being opened; idempotent. */
  async close(): Promise<void> {
    const links = [...this.links]
    await Promise.all(links.map(([dcId, link]) => this.drop(dcId, link)))
  }

  private async ask(chatId: MarkedId, photo: PeerPhoto, options: CallerOptions): Promise<unknown> {
    const { timeoutMs = Infinity, ...rest } = options
    const untilMs = Date.now() + timeoutMs
    let request: Api.upload.GetFile | undefined
    try {
      return await this.options.caller.call({ ...options, method: 'upload.getFile' }, async (connection, signal) => {
        request = await requestFor(connection, chatId, photo)
        const isElsewhere = photo.dcId !== 0 && photo.dcId !== connection.dcId
        if (isElsewhere) throw new TelegramError('MIGRATE', 303, photo.dcId)
        return connection.call(request, signal)
      })
    } catch (error) {
      const dcId = destinationOf(error)
      if (dcId === null || !request) throw error
      return this.askElsewhere(request, dcId, { ...rest, timeoutMs: untilMs - Date.now() })
    }
  }

  private async askElsewhere(request: Api.upload.GetFile, dcId: number, options: LimitedOptions): Promise<unknown> {
    const untilMs = Date.now() + options.timeoutMs
    const link = this.linkTo(dcId)
    link.callers++
    clearTimeout(link.idle)
    try {
      const side = await within(link.made, options.timeoutMs, options.signal ?? new AbortController().signal)
      return await side.call('upload.getFile', () => request, { ...options, timeoutMs: untilMs - Date.now() })
    } catch (error) {
      if (toTelegramError(error).code !== 401) throw error
      // A key that has become useless there is not tried again; the session at home is another matter.
      void this.drop(dcId, link)
      throw new TelegramError('FILE_UNAVAILABLE', 404, null, { cause: error })
    } finally {
      link.callers--
      if (link.callers === 0) link.idle = setTimeout(() => void this.drop(dcId, link), IDLE_MS).unref()
    }
  }

  private linkTo(dcId: number): Link {
    const present = this.links.get(dcId)
    if (present) return present
    const stop = new AbortController()
    const link: Link = { stop, made: this.open(dcId, stop.signal), callers: 0, idle: undefined }
    this.links.set(dcId, link)
    link.made.catch(() => this.drop(dcId, link))
    return link
  }

  /**
   * core.telegram.org/api/datacenter: an authorization is exported at home and imported there. The link is everybody's: its calls
   * are its own, and none of those who wait for it ends them by going away.
   */
  private async open(dcId: number, signal: AbortSignal): Promise<SideLink> {
    const { caller, ...connecting } = this.options
    const { Api } = await import('./gramjs')
    const options = { method: 'auth.exportAuthorization', priority: 'interactive', signal } as const
    const { ticket, start } = await caller.call(options, async (main, callSignal) => {
      const exported = await main.call(new Api.auth.ExportAuthorization({ dcId }), callSignal)
      return { ticket: exported, start: this.startOf(main, dcId) }
    })
    const app = this.options.app()
    if (!app) throw new TelegramError('NEEDS_APP', 0)
    const side = new SideLink({ ...connecting, app, start, onEnvelope: () => undefined, signal })
    try {
      const importing = new Api.auth.ImportAuthorization({ id: ticket.id, bytes: ticket.bytes })
      await side.call('auth.importAuthorization', () => importing)
      return side
    } catch (error) {
      await side.close()
      throw error
    }
  }

  private startOf(main: Connection, dcId: number) {
    return dataCentreOf(main.config, dcId, isTestDataCentre(main.address), this.options.dataCentres)
  }

  /** Idempotent; another link that has come to take its place stays. */
  private async drop(dcId: number, link: Link): Promise<void> {
    if (this.links.get(dcId) === link) this.links.delete(dcId)
    clearTimeout(link.idle)
    link.stop.abort(new TelegramError('ABORTED', 0))
    // One that could not be made has closed itself.
    const side = await link.made.catch(() => null)
    await side?.close().catch((error: unknown) => this.options.log.debug({ err: error }, 'a link did not close'))
  }
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
