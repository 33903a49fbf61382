/**
 * GramJS's session over our file. GramJS calls `setDC`, `save` and `setAuthKey(undefined)` on any error, so nothing
 * that it says empties the file: only a whole key of 256 bytes is stored, and once the file knows whose it is
 * (`selfUserId`), its key and server stay as they are; another account takes another file.
 */
import { createHash } from 'node:crypto'
import { Api, AuthKey, helpers, sessions, utils } from './gramjs'
import { entityRows, markedChannelId, markedChatId, toBigInt, unmarkedId } from './session-entities'
import type { SessionFile } from './session-file'

export interface GramSessionOptions {
  /** Every pushed envelope and every RPC result, synchronously and in order; after its entities were saved. */
  readonly onEnvelope: (envelope: unknown) => void
  /** What went wrong in `onEnvelope` or in saving: GramJS must never see it. */
  readonly onError?: (error: unknown) => void
}

/** The session to construct a TelegramClient with; the caller goes on owning (flushing, closing) the file. */
export function createGramSession(file: SessionFile, options: GramSessionOptions): GramSession {
  return new GramSession(file, options)
}

export class GramSession extends sessions.Session {
  private currentDcId = 0
  private currentAddress = ''
  private currentPort = 443
  private key: AuthKey | undefined
  /** Keys of the other data centres, for downloads; as good as the process lives. */
  private readonly otherKeys = new Map<number, AuthKey>()

  constructor(
    private readonly file: SessionFile,
    private readonly options: GramSessionOptions,
  ) {
    super()
    // Here and not in load(): GramJS may call setDC() and save() before it.
    const row = file.row()
    if (row === null) return
    this.currentDcId = row.dcId
    this.currentAddress = row.address
    this.currentPort = row.port
    this.key = row.authKey === null ? undefined : gramKey(row.authKey)
  }

  override setDC(dcId: number, serverAddress: string, port: number): void {
    if (dcId !== this.currentDcId) this.key = undefined
    this.currentDcId = dcId
    this.currentAddress = serverAddress
    this.currentPort = port
  }

  override get dcId(): number {
    return this.currentDcId
  }

  override get serverAddress(): string {
    return this.currentAddress
  }

  override get port(): number {
    return this.currentPort
  }

  override get authKey(): AuthKey | undefined {
    return this.getAuthKey()
  }

  override set authKey(value: AuthKey | undefined) {
    this.setAuthKey(value)
  }

  /** A copy: GramJS empties the very object on a change of the data centre. */
  override getAuthKey(dcId?: number): AuthKey | undefined {
    const isOther = dcId !== undefined && dcId !== this.currentDcId
    const bytes = (isOther ? this.otherKeys.get(dcId) : this.key)?.getKey()
    return bytes === undefined ? undefined : gramKey(bytes)
  }

  override setAuthKey(authKey?: AuthKey, dcId?: number): void {
    const bytes = authKey?.getKey()
    const key = bytes === undefined ? undefined : gramKey(bytes)
    if (dcId === undefined || dcId === this.currentDcId) {
      this.key = key
      this.save()
    } else if (key === undefined) this.otherKeys.delete(dcId)
    else this.otherKeys.set(dcId, key)
  }

  /** Stores a whole key only, and never another one over that of a known account. */
  override save(): void {
    const authKey = this.key?.getKey()
    if (authKey === undefined || authKey.length !== 256) return
    const stored = this.file.row()
    const isSameKey = stored?.authKey?.equals(authKey) === true
    if (isSameKey || (stored?.authKey != null && this.file.selfUserId() !== null)) return
    const { currentDcId: dcId, currentAddress: address, currentPort: port } = this
    this.shield(() => this.file.saveRow({ dcId, address, port, authKey: Buffer.from(authKey) }))
  }

  override async load(): Promise<void> {}
  override close(): void {}
  override delete(): void {}

  override processEntities(envelope: unknown): void {
    this.shield(() => this.file.putEntities(entityRows(envelope)))
    this.shield(() => this.options.onEnvelope(envelope))
  }

  /** Throws when the peer is unknown; GramJS asks the server then. */
  override getInputEntity(key: unknown): Api.TypeInputPeer {
    // Already an input user, channel or peer: GramJS casts it further by itself.
    if (isTlObject(key) && key.className.startsWith('Input')) return key as never
    if (isTlObject(key) && !key.className.startsWith('Peer')) return utils.getInputPeer(key as never)
    const found = this.find(key)
    if (found === null) throw new Error('Could not find the input entity')
    const { kind, id } = unmarkedId(found.id)
    const accessHash = helpers.returnBigInt(found.hash)
    if (kind === 'user') return new Api.InputPeerUser({ userId: helpers.returnBigInt(id), accessHash })
    if (kind === 'chat') return new Api.InputPeerChat({ chatId: helpers.returnBigInt(id) })
    return new Api.InputPeerChannel({ channelId: helpers.returnBigInt(id), accessHash })
  }

  private find(key: unknown): { id: bigint; hash: bigint } | null {
    if (isTlObject(key)) return this.findPeer(key)
    const id = toBigInt(key)
    if (id === null) return this.file.entityByUsername(usernameIn(String(key)))
    if (id < 0n) return this.file.inputEntity(id)
    return this.firstOf([id, markedChannelId(id), markedChatId(id)])
  }

  private findPeer(peer: TlObject): { id: bigint; hash: bigint } | null {
    const [userId, chatId, channelId] = [peer.userId, peer.chatId, peer.channelId].map(toBigInt)
    if (userId != null) return this.file.inputEntity(userId)
    if (chatId != null) return this.file.inputEntity(markedChatId(chatId))
    return channelId == null ? null : this.file.inputEntity(markedChannelId(channelId))
  }

  private firstOf(markedIds: bigint[]): { id: bigint; hash: bigint } | null {
    for (const markedId of markedIds) {
      const found = markedId === 0n ? null : this.file.inputEntity(markedId)
      if (found !== null) return found
    }
    return null
  }

  private shield(action: () => void): void {
    try {
      action()
    } catch (error) {
      this.options.onError?.(error)
    }
  }
}

type TlObject = { readonly className: string } & Record<string, unknown>

function isTlObject(value: unknown): value is TlObject {
  return typeof value === 'object' && value !== null && typeof (value as TlObject).className === 'string'
}

/** The constructor takes the hash along; setKey() would compute it asynchronously. */
function gramKey(bytes: Buffer): AuthKey {
  return new AuthKey(bytes, createHash('sha1').update(bytes).digest())
}

function usernameIn(text: string): string {
  return text
    .trim()
    .replace(/^(?:https?:\/\/)?(?:t\.me|telegram\.me)\//i, '')
    .replace(/^@/, '')
}
