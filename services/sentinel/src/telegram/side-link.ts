import { isTestDataCentre } from '@tgsentinel/session-codec/session-codec'
import type { DataCentre } from '../config'
import { openConnection, type ConnectingOptions } from './connecting'
import type { Connection } from './connection'
import { dataCentreOf } from './data-centre'
import type { Api } from './gramjs'
import { SessionFile } from './session-file'
import { toTelegramError } from './telegram-error'

export interface SideLinkOptions extends ConnectingOptions {
  start: DataCentre
  onEnvelope: (envelope: unknown) => void
  signal: AbortSignal
}

const DIALS = 3
const MOVES = 3

/**
 * A connection beside the session's, with a key of its own that lives in memory alone: for signing in, and for files of other data
 * centres. It is made at the first call and again after it was lost, and follows Telegram to where it is sent.
 */
export class SideLink {
  readonly file = SessionFile.inMemory()
  private connection: Connection | null = null
  private config: Api.Config | null = null
  /** How far Telegram's clock was ahead of ours when it was greeted last. */
  clockOffsetMs = 0

  constructor(private readonly options: SideLinkOptions) {
    const { dcId, address, port } = options.start
    this.file.saveRow({ dcId, address, port, authKey: null })
  }

  /**
   * Makes a call, on another data centre where Telegram says so.
   * @throws TelegramError
   */
  async call<R extends Api.AnyRequest>(method: string, make: () => R): Promise<R['__response']> {
    let isRepeat = false
    for (let moves = 0; ; moves++) {
      const isOld = this.connection !== null
      try {
        const connection = await this.open()
        const { queue, scope, signal } = this.options
        return await queue.run({ method, scope, signal }, (callSignal) => connection.call(make(), callSignal))
      } catch (error) {
        const known = toTelegramError(error)
        // A connection that lay idle may be gone without our knowing.
        if (known.type === 'NETWORK' && isOld && !isRepeat) {
          isRepeat = true
          await this.drop()
          continue
        }
        if (known.type !== 'MIGRATE' || moves >= MOVES) throw known
        await this.moveTo(known.argument ?? 0)
      }
    }
  }

  /**
   * Goes on at another data centre, with a new key: keys are bound to one.
   * @throws TelegramError
   */
  async moveTo(dcId: number): Promise<void> {
    const row = this.file.row()
    const isTest = row !== null && isTestDataCentre(row.address)
    const { start, dataCentres } = this.options
    const { address, port } = dcId === start.dcId ? start : dataCentreOf(this.config, dcId, isTest, dataCentres)
    await this.drop()
    this.file.saveRow({ dcId, address, port, authKey: null })
  }

  /** Idempotent; the file stays readable until then. */
  async close(): Promise<void> {
    await this.drop()
    this.file.close()
  }

  /** Closes the connection; the next call makes a new one with the same key. */
  async drop(): Promise<void> {
    const { connection } = this
    this.connection = null
    await connection?.close()
  }

  private async open(): Promise<Connection> {
    const { signal, onEnvelope } = this.options
    // GramJS does not pad g^ab to 256 bytes: one handshake in 256 fails for nothing.
    for (let attempt = 1; !this.connection; attempt++) {
      try {
        this.connection = await openConnection(
          this.file,
          this.options,
          signal,
          onEnvelope,
          () => (this.connection = null),
        )
      } catch (error) {
        if (attempt >= DIALS || toTelegramError(error).type !== 'NETWORK') throw error
      }
    }
    this.config = this.connection.config
    this.clockOffsetMs = this.connection.clockOffsetMs
    return this.connection
  }
}
