import { createServer, type Server, type Socket } from 'node:net'
import type { AuthKeys } from './mtproto/auth-keys'
import { Connection, type Intake } from './mtproto/connection'
import { Handshake } from './mtproto/handshake'
import type { RsaKey } from './mtproto/rsa-key'
import type { Trouble } from './rpc/trouble'

const LOOPBACK = '127.0.0.1'

/** The listening socket and its connections; it can stop and listen again on the port it had. */
export class Listener {
  port: number
  private server: Server | undefined
  private readonly connections = new Set<Connection>()

  constructor(
    readonly dc: number,
    port: number,
    private readonly rsa: () => RsaKey,
    private readonly authKeys: AuthKeys,
    private readonly trouble: Trouble,
    private readonly intake: Intake,
  ) {
    this.port = port
  }

  /** On the connections that are open, understood or not. */
  get packetCount(): number {
    return [...this.connections].reduce((sum, { packetsReceived }) => sum + packetsReceived, 0)
  }

  get connectionCount(): number {
    return this.connections.size
  }

  async listen(): Promise<void> {
    if (this.server) return
    const server = createServer((socket) => {
      const connection = this.accept(socket)
      this.connections.add(connection)
      socket.on('close', () => this.connections.delete(connection))
    })
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject)
      server.listen(this.port, LOOPBACK, resolve)
    })
    this.server = server
    const address = server.address()
    if (address && typeof address === 'object') this.port = address.port
  }

  dropAll(): void {
    for (const connection of this.connections) connection.close()
  }

  private accept(socket: Socket): Connection {
    const { dc, authKeys, trouble, intake } = this
    return new Connection(socket, dc, authKeys, new Handshake(dc, this.rsa, authKeys), trouble, intake)
  }

  async stop(): Promise<void> {
    const server = this.server
    if (!server) return
    this.server = undefined
    const closed = new Promise<void>((resolve) => server.close(() => resolve()))
    this.dropAll()
    await closed
  }
}
