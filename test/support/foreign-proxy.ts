import { connect, createServer, type AddressInfo, type Socket } from 'node:net'
import { Socks5Server } from '@pondwader/socks5-server'
import { Server as HttpProxyServer } from 'proxy-chain'

/** A proxy that nobody here wrote, on loopback. */
export interface ForeignProxy {
  readonly port: number
  readonly link: string
  /** `host:port` of what it was asked for, as it was asked. */
  readonly asked: string[]
  readonly connections: number
  /** As when its process is killed. */
  stop(): Promise<void>
}

export interface ForeignProxyOptions {
  login?: { username: string; password: string }
  /** Where it leads whoever asks for another place than this machine; it never goes there. */
  leadTo?: (place: string) => number | undefined
  /** Of a proxy that is to come back. */
  port?: number
}

/** `@pondwader/socks5-server` */
export async function startSocks5(options: ForeignProxyOptions = {}): Promise<ForeignProxy> {
  const { login, leadTo, port = 0 } = options
  const asked: string[] = []
  const socks = new Socks5Server()
  if (login)
    socks.setAuthHandler(({ username, password }, accept, deny) =>
      username === login.username && password === login.password ? accept() : deny(),
    )
  socks.setConnectionHandler((connection, sendStatus) => {
    const place = `${connection.destAddress}:${connection.destPort}`
    asked.push(place)
    const target = isLocal(connection.destAddress) ? connection.destPort : leadTo?.(place)
    if (target === undefined) return void (sendStatus('HOST_UNREACHABLE'), connection.socket.destroy())
    const far = hold(connect({ port: target, host: '127.0.0.1' }))
    far.once('connect', () => {
      sendStatus('REQUEST_GRANTED')
      connection.socket.pipe(far).pipe(connection.socket)
    })
    far.once('close', () => connection.socket.destroy())
    connection.socket.once('close', () => far.destroy())
  })
  const sockets = new Set<Socket>()
  const hold = (socket: Socket) => {
    sockets.add(socket)
    socket.on('error', () => socket.destroy())
    return socket.on('close', () => sockets.delete(socket))
  }
  const server = createServer((socket) => void socks._handleConnection(hold(socket)))
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve))
  const bound = (server.address() as AddressInfo).port
  return {
    port: bound,
    link: `socks5://${loginText(login)}127.0.0.1:${bound}`,
    asked,
    get connections() {
      return sockets.size
    },
    async stop() {
      const closed = new Promise((resolve) => server.close(resolve))
      for (const socket of sockets) socket.resetAndDestroy()
      await closed
    },
  }
}

/** `proxy-chain` */
export async function startHttpProxy(options: ForeignProxyOptions = {}): Promise<ForeignProxy> {
  const { login, port = 0 } = options
  const asked: string[] = []
  const server = new HttpProxyServer({
    port,
    host: '127.0.0.1',
    prepareRequestFunction: ({ username, password, hostname, port: wanted }) => {
      asked.push(`${hostname}:${wanted}`)
      const isKnown = !login || (username === login.username && password === login.password)
      return { requestAuthentication: !isKnown }
    },
  })
  await server.listen()
  return {
    port: server.port,
    link: `http://${loginText(login)}127.0.0.1:${server.port}`,
    asked,
    get connections() {
      return server.getConnectionIds().length
    },
    stop: () => server.close(true),
  }
}

function isLocal(host: string): boolean {
  return host === '127.0.0.1' || host === 'localhost'
}

function loginText(login: ForeignProxyOptions['login']): string {
  return login ? `${encodeURIComponent(login.username)}:${encodeURIComponent(login.password)}@` : ''
}
