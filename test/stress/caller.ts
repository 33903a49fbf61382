import { Agent, request } from 'node:http'

export interface Answered {
  status: number
  text: string
}

/** Makes many calls at once over kept connections. */
export class Caller {
  private readonly agent: Agent

  constructor(
    private readonly port: number,
    private readonly token: string,
    connections: number,
  ) {
    this.agent = new Agent({ keepAlive: true, maxSockets: connections })
  }

  /** `hangUpAfterMs`: goes away before the answer, and resolves with null. */
  call(method: string, path: string, body?: unknown, hangUpAfterMs?: number): Promise<Answered | null> {
    return new Promise((resolve, reject) => {
      const json = body === undefined ? undefined : JSON.stringify(body)
      const headers = {
        Authorization: `Bearer ${this.token}`,
        ...(json === undefined
          ? {}
          : { 'Content-Type': 'application/json', 'Content-Length': Buffer.byteLength(json) }),
      }
      let isGone = false
      const options = { host: '127.0.0.1', port: this.port, method, path, headers, agent: this.agent }
      const outgoing = request(options, (response) => {
        const chunks: Buffer[] = []
        response.on('data', (chunk: Buffer) => chunks.push(chunk))
        response.on('end', () => resolve({ status: response.statusCode ?? 0, text: Buffer.concat(chunks).toString() }))
        response.on('error', (error) => (isGone ? resolve(null) : reject(error)))
      })
      outgoing.on('error', (error) => (isGone ? resolve(null) : reject(error)))
      if (hangUpAfterMs !== undefined)
        setTimeout(() => {
          isGone = true
          outgoing.destroy()
          resolve(null)
        }, hangUpAfterMs)
      outgoing.end(json)
    })
  }

  close(): void {
    this.agent.destroy()
  }
}
