import { createServer, type IncomingMessage, type Server } from 'node:http'
import { OPERATIONS, type Control, type Operation } from './control'

/** Offers a Control over HTTP on loopback: POST /<operation> with its options as JSON. */
export async function openControlPort(control: Control, port: number): Promise<Server> {
  const server = createServer((request, response) => {
    answer(control, request).then(
      (result) => response.end(JSON.stringify({ result })),
      (error: Error) => {
        response.statusCode = 400
        response.end(JSON.stringify({ error: error.message }))
      },
    )
  })
  server.requestTimeout = 0
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, '127.0.0.1', resolve)
  })
  return server
}

async function answer(control: Control, request: IncomingMessage): Promise<unknown> {
  const name = (request.url ?? '').slice(1)
  const operation = OPERATIONS.find((known) => known === name)
  if (request.method !== 'POST' || !operation) throw new Error(`No operation ${name}`)
  const chunks: Buffer[] = []
  for await (const chunk of request) chunks.push(chunk as Buffer)
  const body = Buffer.concat(chunks).toString()
  return run(control, operation, body === '' ? undefined : JSON.parse(body, revive))
}

/** JSON has no bytes: Buffers stand in it as they write themselves. */
function revive(_name: string, value: unknown): unknown {
  const { type, data } = (value ?? {}) as { type?: unknown; data?: unknown }
  return type === 'Buffer' && Array.isArray(data) ? Buffer.from(data as number[]) : value
}

function run(control: Control, operation: Operation, options: unknown): Promise<unknown> {
  return (control[operation] as (options: unknown) => Promise<unknown>)(options)
}
