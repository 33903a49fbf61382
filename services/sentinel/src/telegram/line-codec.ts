import { frame, LENGTH_BYTES, unpadded } from '../proxies/framing'
import { InvalidBufferError, FullPacketCodec, type PromisedNetSockets } from './gramjs'
import type { FairSocket } from './fair-socket'

/** Longer ones are none: Telegram's largest answers have a megabyte. */
const MAX_PACKET_BYTES = 16 * 1024 * 1024

/** Lays packets out as the line wants them, which is known once it is dialled: the full transport, or what an MTProxy takes. */
export class LineCodec extends FullPacketCodec {
  constructor(private readonly connection: { socket: unknown }) {
    super(connection)
  }

  override encodePacket(data: Buffer): Buffer {
    const { framing } = this.connection.socket as FairSocket
    return framing === 'full' ? super.encodePacket(data) : frame(data, framing === 'padded')
  }

  override async readPacket(reader: PromisedNetSockets): Promise<Buffer> {
    const socket = reader as unknown as FairSocket
    if (socket.framing === 'full') return super.readPacket(reader)
    const length = (await socket.readExactly(LENGTH_BYTES)).readUInt32LE(0)
    if (length > MAX_PACKET_BYTES) throw new InvalidBufferError(Buffer.alloc(0))
    return unpadded(await socket.readExactly(length))
  }
}
