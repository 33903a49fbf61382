// Signs in with mtcute, reads the dialogs, on request (histories) every message in them, and prints one line of JSON. A process of its own:
// mtcute is made for ES modules. argv[2]: {dc, port, publicKey, phone, password, histories, proxy?: {host, port, secret}}; a line "code?" on stdout asks for the code, to be written to stdin.
import { createInterface } from 'node:readline'
import { Long } from '@mtcute/core'
import { MemoryStorage, MtProxyTcpTransport, TelegramClient } from '@mtcute/node'
import { NodeCryptoProvider } from '@mtcute/node/utils.js'
import { addPublicKey } from '@mtcute/core/utils.js'

const PAGE = 100

const { dc, port, publicKey, phone, password, proxy, histories } = JSON.parse(process.argv[2])
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
const peers = []
for await (const { peer, lastMessage } of client.iterDialogs()) {
  dialogs.push([peer.displayName, lastMessage?.text ?? null])
  peers.push(peer)
}
const messages = []
if (histories) for (const peer of peers) for await (const part of historyOf(peer)) messages.push(part)
process.stdout.write(`${JSON.stringify({ self: { id: self.id, firstName: self.firstName }, dialogs, messages })}\n`)
await client.destroy()
process.exit(0)

/** [chat, id, text] of all that is there, newest first. */
async function* historyOf({ id: chat, inputPeer: peer }) {
  const range = { offsetDate: 0, addOffset: 0, maxId: 0, minId: 0, hash: Long.ZERO }
  for (let offsetId = 0; ;) {
    const page = await client.call({ _: 'messages.getHistory', peer, offsetId, limit: PAGE, ...range })
    for (const { _, id, message } of page.messages) if (_ === 'message') yield [chat, id, message]
    if (page.messages.length === 0) return
    offsetId = page.messages.at(-1).id
  }
}

function askForCode() {
  process.stdout.write('code?\n')
  return new Promise((resolve) => lines.once('line', resolve))
}
