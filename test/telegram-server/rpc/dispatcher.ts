import { gzipSync } from 'node:zlib'
import { ByteReader } from '../tl/byte-reader'
import { UnknownConstructorError, type TlCodec, type TlObject } from '../tl/codec'
import { serviceCodec, type Layers } from '../tl/layers'
import type { Session } from '../mtproto/session'
import type { Account } from '../world/model'
import type { World } from '../world/world'
import type { CallLog } from './call-log'
import { RpcError } from './rpc-error'
import type { Trouble } from './trouble'

export type RpcResult = TlObject | TlObject[] | boolean
export type Method = (query: TlObject, caller: { account: Account; session: Session }) => RpcResult
/** Answers whether or not anybody has signed in with the key. */
export type OpenMethod = (query: TlObject, session: Session) => RpcResult

const INVOKE_WITH_LAYER = 0xda9b0d0d
const RPC_RESULT = 0xf35c6d01
const GZIP_PACKED = 0x3072cfa1
const WRAPPERS = new Set(['initConnection', 'invokeAfterMsg', 'invokeAfterMsgs', 'invokeWithoutUpdates'])
/** What an account may ask of a data centre that is not its home. */
const ELSEWHERE = new Set(['upload.getFile', 'auth.exportAuthorization', 'auth.logOut'])

/** Opens the wrappers around an API call, has its method answer, and sends what came out: a result or an RPC error. */
export class Dispatcher {
  private readonly openMethods: ReadonlyMap<string, OpenMethod>
  private readonly methods: ReadonlyMap<string, Method>
  private readonly delayed = new Set<NodeJS.Timeout>()

  constructor(
    private readonly world: World,
    openMethods: Record<string, OpenMethod>,
    methods: Record<string, Method>,
    private readonly layers: Layers,
    private readonly trouble: Trouble,
    private readonly callLog: CallLog,
    private readonly afterCall: (account: Account) => void,
  ) {
    this.openMethods = new Map(Object.entries(openMethods))
    this.methods = new Map(Object.entries(methods))
  }

  readonly call = (session: Session, messageId: bigint, body: Buffer): void => {
    const opened = this.open(session, body)
    const method = opened instanceof RpcError ? opened.type : opened._
    const finish = this.callLog.begin(session.key.account, method)
    const answer = () => {
      this.send(session, messageId, opened instanceof RpcError ? opened : this.run(session, opened))
      finish()
    }
    this.schedule(session, messageId, this.trouble.takeDelayMs(method), answer)
  }

  close(): void {
    for (const timer of this.delayed) clearTimeout(timer)
  }

  private schedule(session: Session, messageId: bigint, delayMs: number, answer: () => void): void {
    if (delayMs === 0) return void setImmediate(answer)
    session.send(serviceCodec.encode({ _: 'msgs_ack', msg_ids: [messageId] }), 'push', false)
    const timer = setTimeout(() => {
      this.delayed.delete(timer)
      answer()
    }, delayMs)
    this.delayed.add(timer)
  }

  private open(session: Session, body: Buffer): TlObject | RpcError {
    const reader = new ByteReader(body)
    while (reader.peekId() === INVOKE_WITH_LAYER) {
      reader.id()
      const layer = reader.int()
      if (!this.layers.find(layer)) return new RpcError(400, 'CONNECTION_LAYER_INVALID')
      session.key.layer = layer
    }
    try {
      return this.unwrap(session, this.codecOf(session).decode(reader))
    } catch (error) {
      if (error instanceof UnknownConstructorError) return new RpcError(400, 'INPUT_METHOD_INVALID')
      if (error instanceof RangeError) return new RpcError(400, 'INPUT_REQUEST_TOO_SHORT')
      throw error
    }
  }

  private unwrap(session: Session, query: TlObject): TlObject {
    let receivesPushes = true
    while (WRAPPERS.has(query._)) {
      if (query._ === 'invokeWithoutUpdates') receivesPushes = false
      query = query['query'] as TlObject
    }
    session.receivesPushes ||= receivesPushes
    return query
  }

  private run(session: Session, query: TlObject): RpcResult | RpcError {
    const trouble = this.trouble.takeError(query._, session.key)
    if (trouble) return trouble
    try {
      const open = this.openMethods.get(query._)
      return open ? open(query, session) : this.runForAccount(session, query)
    } catch (error) {
      if (error instanceof RpcError) return error
      throw error
    }
  }

  private runForAccount(session: Session, query: TlObject): RpcResult {
    const { key } = session
    const account = this.world.accounts.get(key.account)
    if (!account) throw new RpcError(401, 'AUTH_KEY_UNREGISTERED')
    const isHere = key.dc === account.homeDc || ELSEWHERE.has(query._)
    if (!isHere) throw new RpcError(303, `USER_MIGRATE_${account.homeDc}`)
    const method = this.methods.get(query._)
    if (!method) throw new RpcError(400, 'INPUT_METHOD_INVALID')
    try {
      return method(query, { account, session })
    } finally {
      this.afterCall(account)
    }
  }

  private send(session: Session, messageId: bigint, result: RpcResult | RpcError): void {
    const encoded = this.encode(session, result)
    const header = Buffer.alloc(12)
    header.writeUInt32LE(RPC_RESULT, 0)
    header.writeBigInt64LE(messageId, 4)
    const body = encoded.length > this.trouble.gzipOverBytes ? pack(encoded) : encoded
    session.send(Buffer.concat([header, body]), 'reply')
  }

  private encode({ key }: Session, result: RpcResult | RpcError): Buffer {
    if (result instanceof RpcError)
      return serviceCodec.encode({ _: 'rpc_error', error_code: result.code, error_message: result.type })
    const layer = key.layer ?? this.layers.newest
    const encode = (each: TlObject) => this.layers.encode(layer, each, this.trouble.withheldAbove)
    if (Array.isArray(result)) return this.layers.get(layer).encodeVector(result.map(encode))
    return encode(typeof result === 'boolean' ? { _: result ? 'boolTrue' : 'boolFalse' } : result)
  }

  private codecOf({ key }: Session): TlCodec {
    return this.layers.get(key.layer ?? this.layers.newest)
  }
}

function pack(encoded: Buffer): Buffer {
  const zipped = gzipSync(encoded)
  const header = Buffer.alloc(8)
  header.writeUInt32LE(GZIP_PACKED, 0)
  header.writeUInt32LE(((zipped.length << 8) | 254) >>> 0, 4)
  return Buffer.concat([header, zipped, Buffer.alloc((4 - (zipped.length % 4)) % 4)])
}
