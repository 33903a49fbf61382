// Signs in with mtcute, reads the dialogs, and prints one line of JSON. A process of its own: mtcute is made for ES modules.
// argv[2]: {dc, port, publicKey, phone, password, proxy?: {host, port, secret}}; a line "code?" on stdout asks for the code, to be written to stdin.
import { createInterface } from 'node:readline'
import { MemoryStorage, MtProxyTcpTransport, TelegramClient } from '@mtcute/node'
import { NodeCryptoProvider } from '@mtcute/node/utils.js'
import { addPublicKey } from '@mtcute/core/utils.js'

const { dc, port, publicKey, phone, password, proxy } = JSON.parse(process.argv[2])
const lines = createInterface({ input: process.stdin })
const crypto = new NodeCryptoProvider()
await crypto.initialize()
addPublicKey(crypto, publicKey)
const option = { id: dc, ipAddress: '127.0.0.1', port }
const client = new TelegramClient({
  apiId: 1,
  apiHash: 'hash',
  crypto,
  storage: new MemoryStorage(),
  defaultDcs: { main: option, media: option },
  disableUpdates: true,
  ...(proxy && { transport: new MtProxyTcpTransport(proxy) }),
  logLevel: Number(process.env.MTCUTE_LOG ?? 1),
})
const self = await client.start({ phone, code: askForCode, password })
const dialogs = []
for await (const { peer, lastMessage } of client.iterDialogs())
  dialogs.push([peer.displayName, lastMessage?.text ?? null])
process.stdout.write(`${JSON.stringify({ self: { id: self.id, firstName: self.firstName }, dialogs })}\n`)
await client.destroy()
process.exit(0)

function askForCode() {
  process.stdout.write('code?\n')
  return new Promise((resolve) => lines.once('line', resolve))
}
