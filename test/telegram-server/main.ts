import { readFileSync, rmSync, writeFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { openControlPort } from './control/control-port'
import { startTelegramServer } from './server'

/**
 * Runs the data centres as a process of its own; prints one line of JSON when it is ready:
 * `{port, controlPort, ports: {[dc]: port}, publicKey: {pkcs1, spki, fingerprint}}`.
 */
async function main(): Promise<void> {
  const options = readOptions()
  const server = await startTelegramServer(options)
  const controlServer = await openControlPort(server.control, options.controlPort)
  if (options.sessionOut) await writeSession(options.sessionOut)
  const address = controlServer.address()
  const controlPort = address && typeof address === 'object' ? address.port : options.controlPort
  const { publicKey } = await server.control.state()
  if (options.publicKeyOut) writeFileSync(options.publicKeyOut, publicKey.pkcs1)
  process.stdout.write(`${JSON.stringify({ port: server.port, controlPort, ports: server.ports, publicKey })}\n`)
  process.once('SIGTERM', stop)
  process.once('SIGINT', stop)

  async function writeSession(path: string): Promise<void> {
    rmSync(path, { force: true })
    if (server.world.accounts.size === 0) await server.control.createAccount({ firstName: 'Alex', username: 'alex' })
    await server.control.writeSessionFile({ path })
  }

  function stop(): void {
    controlServer.close()
    controlServer.closeAllConnections()
    void server.close()
  }
}

function readOptions() {
  const { values } = parseArgs({
    options: {
      port: { type: 'string', default: process.env['TELEGRAM_SERVER_PORT'] ?? '0' },
      'control-port': { type: 'string', default: process.env['TELEGRAM_SERVER_CONTROL_PORT'] ?? '0' },
      dcs: { type: 'string', default: process.env['TELEGRAM_SERVER_DCS'] ?? '2' },
      'private-key-in': { type: 'string', default: process.env['TELEGRAM_SERVER_PRIVATE_KEY_IN'] ?? '' },
      'public-key-out': { type: 'string', default: process.env['TELEGRAM_SERVER_PUBLIC_KEY_OUT'] ?? '' },
      seed: { type: 'string', default: process.env['TELEGRAM_SERVER_SEED'] ?? '1' },
      day: { type: 'boolean', default: process.env['TELEGRAM_SERVER_DAY'] === '1' },
      'day-interval-ms': { type: 'string', default: process.env['TELEGRAM_SERVER_DAY_INTERVAL_MS'] ?? '4000' },
      'session-out': { type: 'string', default: process.env['TELEGRAM_SERVER_SESSION_OUT'] ?? '' },
    },
  })
  return {
    port: Number(values.port),
    controlPort: Number(values['control-port']),
    dcs: values.dcs.split(',').map(Number) as [number, ...number[]],
    ...(values['private-key-in'] ? { privateKeyPem: readFileSync(values['private-key-in'], 'utf8') } : {}),
    publicKeyOut: values['public-key-out'],
    seed: Number(values.seed),
    day: values.day,
    dayIntervalMs: Number(values['day-interval-ms']),
    sessionOut: values['session-out'],
  }
}

void main()
