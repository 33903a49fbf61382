import { createCipheriv, createDecipheriv, createHash, randomBytes, type Cipher } from 'node:crypto'
import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net'
import { ByteSource } from './byte-source'
import { FakeTls } from './fake-tls'

const HEADER_BYTES = 64
const TAGS: Record<number, string> = { 0xefefefef: 'abridged', 0xeeeeeeee: 'intermediate', 0xdddddddd: 'padded' }
const TEST_MARK = 10_000

export interface MtProxyOptions {
  /** In hexadecimal digits, as it stands in a link. */
  secret: string
  /** Of the data centres behind it, by number. */
  ports: () => Record<number, number>
}

/** What a client asked for. */
export interface MtProxyVisit {
  dcId: number
  transport: string
}

/**
 * An MTProxy before simulated data centres: it takes the secret that it is given, plain, padded (dd) or with fake TLS (ee), and no
 * other; a padded one takes the padded transport alone. Whoever has another secret is cut off, or shown a web site's refusal.
 */
export class MtProxy {
  readonly port: number
  readonly visits: MtProxyVisit[] = []
  private readonly sockets = new Set<Socket>()
  /** Takes connections and never answers. */
  isDeaf = false

  private constructor(
    private readonly server: Server,
    private readonly options: MtProxyOptions,
  ) {
    this.port = (server.address() as AddressInfo).port
    server.on('connection', (socket) => void this.serve(socket))
  }

  static async start(options: MtProxyOptions): Promise<MtProxy> {
    const server = createServer({ noDelay: true })
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    return new MtProxy(server, options)
  }

  get link(): string {
    return `mtproxy://127.0.0.1:${this.port}/${this.options.secret}`
  }

  get connections(): number {
    return this.sockets.size
  }

  /** As when its process is killed. */
  async stop(): Promise<void> {
    const closed = new Promise((resolve) => this.server.close(resolve))
    for (const socket of this.sockets) socket.resetAndDestroy()
    await closed
  }

  private async serve(socket: Socket): Promise<void> {
    this.hold(socket)
    if (this.isDeaf) return void socket.resume()
    try {
      const secret = Buffer.from(this.options.secret, 'hex')
      const source = new ByteSource(socket)
      if (secret[0] !== 0xee) return await this.lead(socket, source, secret.length === 17 ? secret.subarray(1) : secret)
      const tls = new FakeTls(source, socket, secret.subarray(1, 17), secret.subarray(17).toString())
      await tls.shakeHands()
      await this.lead(socket, tls, secret.subarray(1, 17))
    } catch {
      socket.destroy()
    }
  }

  private async lead(socket: Socket, from: Pick<ByteSource, 'exactly' | 'rest'>, key: Buffer): Promise<void> {
    const { incoming, outgoing, tag, dcId } = openHeader(await from.exactly(HEADER_BYTES), key)
    const transport = TAGS[tag]
    const isPaddedOnly = this.options.secret.length > 32
    if (!transport || (isPaddedOnly && transport !== 'padded')) throw new Error('no such secret')
    this.visits.push({ dcId, transport })
    const port = this.options.ports()[Math.abs(dcId) % TEST_MARK]
    if (port === undefined) throw new Error(`no data centre ${dcId}`)
    const far = connect({ port, host: '127.0.0.1', noDelay: true })
    this.hold(far)
    far.write(tagBytes(tag))
    far.on('data', (chunk: Buffer) => socket.write(dressed(from, outgoing.update(chunk))))
    far.on('close', () => socket.destroy())
    socket.on('close', () => far.destroy())
    for await (const chunk of from.rest()) far.write(incoming.update(chunk))
  }

  private hold(socket: Socket): void {
    this.sockets.add(socket)
    socket.on('error', () => socket.destroy())
    socket.on('close', () => this.sockets.delete(socket))
  }
}

function dressed(from: unknown, bytes: Buffer): Buffer {
  return from instanceof FakeTls ? from.records(bytes) : bytes
}

/** The server's side of the header: what the client encrypts with is decrypted with here, and the other way round. */
function openHeader(header: Buffer, key: Buffer): { incoming: Cipher; outgoing: Cipher; tag: number; dcId: number } {
  const hashed = (part: Buffer) =>
    createHash('sha256')
      .update(Buffer.concat([part, key]))
      .digest()
  const middle = header.subarray(8, 56)
  const reversed = Buffer.from(middle).reverse()
  const incoming = createDecipheriv('aes-256-ctr', hashed(middle.subarray(0, 32)), middle.subarray(32))
  const outgoing = createCipheriv('aes-256-ctr', hashed(reversed.subarray(0, 32)), reversed.subarray(32))
  const opened = incoming.update(header)
  return { incoming, outgoing, tag: opened.readUInt32LE(56), dcId: opened.readInt16LE(60) }
}

/** By which the data centre knows the transport. */
function tagBytes(tag: number): Buffer {
  if (tag === 0xefefefef) return Buffer.from([0xef])
  const bytes = Buffer.alloc(4)
  bytes.writeUInt32LE(tag)
  return bytes
}

/** A secret of each kind, its digits fresh. */
export function mtSecret(kind: 'plain' | 'padded' | 'tls', domain = 'www.example.org'): string {
  const key = randomBytes(16).toString('hex')
  if (kind === 'plain') return key
  return kind === 'padded' ? `dd${key}` : `ee${key}${Buffer.from(domain).toString('hex')}`
}
