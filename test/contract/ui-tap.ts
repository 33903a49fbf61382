import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net'
import { REQUEST_ID } from '../../services/ui/src/cache/cache'
import { contractOf } from '../support/openapi'
import { TOKEN } from '../support/sentinel-process'

const contract = contractOf('sentinel')

/** Headers that the ui sends on; everything else of a browser's request stays with the ui. */
const PASSED_ON =
  /^(accept|accept-encoding|authorization|connection|content-(type|length|encoding)|host|user-agent|x-request-id|last-event-id|if-none-match|if-match|x-actor)$/

/** What came by one connection, and what is known of it once `read` of its chunks have been looked at. */
interface Passage {
  chunks: Buffer[]
  read: number
  problems: string[]
  isForwarded: boolean
}

/** Stands between a ui and its sentinel, changes nothing, and keeps what the ui sent. */
export class Tap {
  private readonly passages: Passage[] = []
  private readonly sockets = new Set<Socket>()

  private constructor(
    private readonly server: Server,
    private readonly targetPort: number,
  ) {}

  static async open(targetPort: number): Promise<Tap> {
    const server = createServer()
    const tap = new Tap(server, targetPort)
    server.on('connection', (socket) => tap.join(socket))
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    return tap
  }

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`
  }

  /** Of those that somebody asked for: what the ui reads for itself is none of them. */
  get count(): number {
    return this.whole.filter(({ isForwarded }) => isForwarded).length
  }

  /** What is wrong with the requests that went through: each is to be documented, and only one. */
  problems(): string[] {
    return this.whole.flatMap(({ problems }) => problems)
  }

  async close(): Promise<void> {
    for (const socket of this.sockets) socket.destroy()
    await new Promise((resolve) => this.server.close(resolve))
  }

  /** Of those connections that anything came by. */
  private get whole(): Passage[] {
    for (const passage of this.passages) if (passage.read < passage.chunks.length) look(passage)
    return this.passages.filter(({ read }) => read > 0)
  }

  private join(incoming: Socket): void {
    const chunks: Buffer[] = []
    this.passages.push({ chunks, read: 0, problems: [], isForwarded: false })
    const outgoing = connect(this.targetPort, '127.0.0.1')
    incoming.on('data', (chunk) => chunks.push(chunk))
    incoming.pipe(outgoing).pipe(incoming)
    for (const socket of [incoming, outgoing]) {
      this.sockets.add(socket)
      socket.on('error', () => undefined)
      socket.on('close', () => {
        this.sockets.delete(socket)
        incoming.destroy()
        outgoing.destroy()
      })
    }
  }
}

/** Once for what it brought: a suite asks after each of its hundreds of requests. */
function look(passage: Passage): void {
  const bytes = Buffer.concat(passage.chunks)
  passage.read = passage.chunks.length
  passage.problems = problemsOf(bytes)
  passage.isForwarded = !bytes.includes(`X-Request-Id: ${REQUEST_ID}\r\n`)
}

/** Under /api: the ui has no business with the rest. */
function isDocumented(method: string, target: string): boolean {
  return target.startsWith('/api/') && contract.find(method, target.split('?')[0] ?? '') !== undefined
}

function problemsOf(bytes: Buffer): string[] {
  const end = bytes.indexOf('\r\n\r\n')
  const [line = '', ...fields] = bytes.subarray(0, end).toString('latin1').split('\r\n')
  const [method = '', target = ''] = line.split(' ')
  const headers = new Map(fields.map((field) => [field.split(': ')[0]?.toLowerCase() ?? '', field.split(/: (.*)/s)[1]]))
  const length = Number(headers.get('content-length') ?? 0)
  const isChunked = headers.has('transfer-encoding')
  return [
    ...(isDocumented(method, target) ? [] : [`${line}: not documented`]),
    ...(headers.get('authorization') === `Bearer ${TOKEN}` ? [] : [`${line}: without the token`]),
    ...[...headers.keys()].filter((name) => !PASSED_ON.test(name)).map((name) => `${line}: ${name} is passed on`),
    ...(!isChunked && bytes.length === end + 4 + length ? [] : [`${line}: more than one request`]),
  ]
}
