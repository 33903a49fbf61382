import { request } from 'node:http'
import { OPERATIONS, type Control, type Operation } from './control/control'

/** The Control of a data centre that runs in another process. */
export function createControlClient(controlPort: number): Control {
  const entries = OPERATIONS.map((operation) => [
    operation,
    (options?: unknown) => call(controlPort, operation, options),
  ])
  return Object.fromEntries(entries) as Control
}

function call(port: number, operation: Operation, options: unknown): Promise<unknown> {
  const body = options === undefined ? '' : JSON.stringify(options)
  return new Promise((resolve, reject) => {
    const outgoing = request(
      { host: '127.0.0.1', port, path: `/${operation}`, method: 'POST', agent: false },
      (response) => {
        const chunks: Buffer[] = []
        response.on('data', (chunk: Buffer) => chunks.push(chunk))
        response.on('error', reject)
        response.on('end', () => {
          const reply = JSON.parse(Buffer.concat(chunks).toString()) as { result?: unknown; error?: string }
          if (reply.error === undefined) resolve(reply.result)
          else reject(new Error(reply.error))
        })
      },
    )
    outgoing.on('error', reject)
    outgoing.end(body)
  })
}
