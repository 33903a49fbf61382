import type { Intake } from '../model'
import { readPeers, type TlObject } from './envelope'
import type { CallQueue } from './call-queue'
import type { Connection } from './connection'

const PAGE = 100
const MAX_PAGES = 50

interface DialogsPage {
  className: string
  dialogs?: TlObject[]
  messages?: TlObject[]
  users?: TlObject[]
  chats?: TlObject[]
}

/**
 * Learns the names of all chats, page by page, at low priority: short updates name a chat by its id alone.
 * Pages go by date, id and peer of the last dialog's newest message (core.telegram.org/api/offsets).
 * @throws TelegramError
 */
export async function readDialogs(
  connection: Connection,
  queue: CallQueue,
  signal: AbortSignal,
  onPage: (peers: Intake) => void,
): Promise<void> {
  const { Api, helpers } = await import('./gramjs')
  let offset = { offsetDate: 0, offsetId: 0, offsetPeer: new Api.InputPeerEmpty() as unknown }
  for (let page = 0; page < MAX_PAGES; page++) {
    const request = new Api.messages.GetDialogs({ ...offset, limit: PAGE, hash: helpers.returnBigInt(0) } as never)
    const options = { method: 'messages.getDialogs', priority: 'background', signal } as const
    const result = (await queue.run(options, (callSignal) =>
      connection.call(request, callSignal),
    )) as unknown as DialogsPage
    onPage({ ...readPeers(result.users ?? [], result.chats ?? []), messages: [], cursors: [] })
    const next = nextOffset(result)
    if (result.className !== 'messages.DialogsSlice' || !next) return
    offset = { ...next, offsetPeer: connection.inputPeer(next.offsetPeer) }
  }
}

function nextOffset({ dialogs = [], messages = [] }: DialogsPage) {
  const last = dialogs.at(-1)
  const newest =
    last &&
    messages.find((message) => message['id'] === last['topMessage'] && samePeer(message['peerId'], last['peer']))
  if (!last || !newest) return null
  return {
    offsetDate: newest['date'] as number,
    offsetId: newest['id'] as number,
    offsetPeer: last['peer'] as TlObject,
  }
}

function samePeer(a: unknown, b: unknown): boolean {
  const key = (peer: unknown) =>
    ['userId', 'chatId', 'channelId'].map((name) => String((peer as Record<string, unknown>)[name] ?? '')).join(' ')
  return key(a) === key(b)
}
