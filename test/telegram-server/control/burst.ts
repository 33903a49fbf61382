import { setImmediate as nextTurn, setTimeout as pause } from 'node:timers/promises'
import { CORPUS_TEXTS } from '../day/corpus'
import type { Pusher } from '../pusher'
import type { Delivery } from '../world/model'
import type { World } from '../world/world'
import type { BurstOptions, BurstReport } from './control'

const KEYWORD_EVERY = 10

/** Posts and pushes many messages; it waits for the sockets when they do not take more, and reports when all are handed over. */
export async function burst(world: World, pusher: Pusher, options: BurstOptions): Promise<BurstReport> {
  const { count, batchSize = 1, ratePerSecond } = options
  const startedAt = performance.now()
  const authors = [...world.users.values()].filter(({ id }) => !world.accounts.has(id)).map(({ id }) => id)
  for (let sent = 0; sent < count;) {
    const size = Math.min(batchSize, count - sent)
    const deliveries = Array.from({ length: size }, (_, i) => post(world, authors, options, sent + i)).flat()
    sent += size
    if (options.push !== 'none') {
      pushBatch(world, pusher, deliveries)
      await pusher.drained()
    }
    if (ratePerSecond) await waitUntil(startedAt + (sent / ratePerSecond) * 1000)
    else if ((sent / size) % 16 === 0) await nextTurn()
  }
  const elapsedMs = performance.now() - startedAt
  return { sent: count, elapsedMs, perSecond: Math.round((count / elapsedMs) * 1000) }
}

function post(world: World, authors: number[], options: BurstOptions, index: number): Delivery[] {
  const chat = options.chats[index % options.chats.length]
  if (chat === undefined) throw new Error('A burst needs a chat')
  const author = authors[index % authors.length]
  const from = chat < 0 && author !== undefined ? { from: author } : {}
  return world.post({ chat, ...from, text: textOf(options, index) })
}

function textOf({ textFromCorpus, withKeyword, stamped }: BurstOptions, index: number): string {
  const text = textFromCorpus ? `${CORPUS_TEXTS[index % CORPUS_TEXTS.length]} (${index})` : `message ${index}`
  const keyword = withKeyword && index % KEYWORD_EVERY === 0 ? ` ${withKeyword}` : ''
  return `${text}${keyword}${stamped ? ` #t${Date.now()}` : ''}`
}

function pushBatch(world: World, pusher: Pusher, deliveries: Delivery[]): void {
  for (const account of world.accounts.values()) {
    const own = deliveries.filter((delivery) => delivery.account === account)
    if (own.length > 0) pusher.pushTogether(account, own)
  }
}

async function waitUntil(time: number): Promise<void> {
  const left = time - performance.now()
  if (left > 1) await pause(left)
}
