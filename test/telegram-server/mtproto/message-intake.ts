import { gunzipSync } from 'node:zlib'
import { ByteReader } from '../tl/byte-reader'
import type { TlObject } from '../tl/codec'
import { serviceCodec } from '../tl/layers'
import type { IncomingMessage } from './connection'
import type { Session } from './session'

const MSG_CONTAINER = 0x73f1f8dc
const GZIP_PACKED = 0x3072cfa1
const BAD_SALT = 48
const NOT_DIVISIBLE_BY_FOUR = 18
const DAY_SECONDS = 86_400

type Part = Pick<IncomingMessage, 'session' | 'id' | 'sequence' | 'body'>

export type ApiCall = (session: Session, messageId: bigint, body: Buffer) => void

/** MTProto's own conversation: salts, containers, gzip, pings and state requests. Everything else is an API call. */
export class MessageIntake {
  constructor(
    private readonly callApi: ApiCall,
    private readonly randomLong: () => bigint,
  ) {}

  readonly receive = (message: IncomingMessage): void => {
    const { session, id, salt } = message
    if (id % 4n !== 0n) return refuse(message, NOT_DIVISIBLE_BY_FOUR)
    if (salt !== session.key.salt) return refuseSalt(message)
    this.greet(session, id)
    this.open(message)
  }

  private greet(session: Session, id: bigint): void {
    if (session.isGreeted) return
    session.isGreeted = true
    const greeting = { first_msg_id: id, unique_id: this.randomLong(), server_salt: session.key.salt }
    session.send(serviceCodec.encode({ _: 'new_session_created', ...greeting }), 'push')
  }

  private open(part: Part): void {
    const constructor = part.body.readUInt32LE(0)
    if (constructor === MSG_CONTAINER) return this.openContainer(part)
    if (constructor === GZIP_PACKED) return this.open({ ...part, body: unpack(part.body) })
    if (!serviceCodec.knows(constructor)) return this.callApi(part.session, part.id, part.body)
    this.serve(part, serviceCodec.decode(part.body))
  }

  private openContainer({ session, body }: Part): void {
    const reader = new ByteReader(body, 4)
    for (let left = reader.int(); left > 0; left--) {
      const id = reader.long()
      const sequence = reader.int()
      this.open({ session, id, sequence, body: reader.raw(reader.int()) })
    }
  }

  private serve({ session, id }: Part, query: TlObject): void {
    const answer = this.answerTo(session, id, query)
    if (answer) session.send(serviceCodec.encode(answer), 'reply', false)
  }

  private answerTo(session: Session, id: bigint, query: TlObject): TlObject | undefined {
    switch (query._) {
      case 'ping':
        return { _: 'pong', msg_id: id, ping_id: query['ping_id'] }
      case 'ping_delay_disconnect':
        session.connection?.disconnectAfter(query['disconnect_delay'] as number)
        return { _: 'pong', msg_id: id, ping_id: query['ping_id'] }
      case 'get_future_salts':
        return futureSalts(session, id)
      case 'msgs_state_req':
        return { _: 'msgs_state_info', req_msg_id: id, info: Buffer.alloc((query['msg_ids'] as bigint[]).length, 4) }
      case 'destroy_session':
        return destroySession(session, query['session_id'] as bigint)
      case 'rpc_drop_answer':
        return { _: 'rpc_answer_unknown' }
      default:
        return undefined
    }
  }
}

function futureSalts({ key }: Session, id: bigint): TlObject {
  const now = Math.floor(Date.now() / 1000)
  const salts = [{ _: 'future_salt', valid_since: now, valid_until: now + DAY_SECONDS, salt: key.salt }]
  return { _: 'future_salts', req_msg_id: id, now, salts }
}

function destroySession({ key }: Session, id: bigint): TlObject {
  return { _: key.sessions.delete(id) ? 'destroy_session_ok' : 'destroy_session_none', session_id: id }
}

function refuseSalt({ session, id, sequence }: IncomingMessage): void {
  const bad = { bad_msg_id: id, bad_msg_seqno: sequence, error_code: BAD_SALT, new_server_salt: session.key.salt }
  session.send(serviceCodec.encode({ _: 'bad_server_salt', ...bad }), 'push', false)
}

function refuse({ session, id, sequence }: IncomingMessage, errorCode: number): void {
  const bad = { bad_msg_id: id, bad_msg_seqno: sequence, error_code: errorCode }
  session.send(serviceCodec.encode({ _: 'bad_msg_notification', ...bad }), 'push', false)
}

function unpack(body: Buffer): Buffer {
  return gunzipSync(new ByteReader(body, 4).byteString())
}
