import { isChannel } from '../telegram-server/world/peers'
import type { World } from '../telegram-server/world/world'
import { KEYWORD } from './deeds'
import { hadKeyword } from './message-differences'
import type { Stored } from './stored'
import { keyOf, type Expectation, type ExpectedChat } from './truth'

const FIRST_CHANNEL = -1_000_000_000_000

/** What the sentinel says of itself against what is so: the ledger, the cursors, the counters and the alerts. */
export function ledgerDifferences(stored: Stored, expectation: Expectation, world: World): string[] {
  const differences = [
    ...coverageDifferences(stored, expectation),
    ...gapDifferences(stored, expectation),
    ...cursorDifferences(stored, expectation, world),
    ...alertDifferences(stored, expectation),
    ...unreadableDifferences(stored, expectation),
    ...counterDifferences(stored),
  ]
  return differences.map((text) => `account ${expectation.account} ${text}`)
}

function coverageDifferences({ coverage }: Stored, { chats, closed }: Expectation): string[] {
  const byChat = new Map(coverage.map((entry) => [entry.chatId, entry]))
  const closures = coverage.filter(({ chatId, closedReason }) => (closedReason !== null) !== (chatId === closed))
  return [
    ...closures.map(({ chatId, closedReason }) => `chat ${chatId}: the ledger says closed: ${closedReason}`),
    ...chats.flatMap((chat) => {
      const entry = byChat.get(chat.chat)
      // Of what was gone before anybody saw it nothing need be known.
      if (!entry)
        return chat.messages.some(({ deleted }) => !deleted) ? [`chat ${chat.chat}: is not in the ledger`] : []
      return boundsDifferences(chat, entry)
    }),
  ]
}

/** Each message of which nothing, or not all, can be read is counted once, and no other. */
function unreadableDifferences({ unreadable }: Stored, { byKey, closed }: Expectation): string[] {
  const rows = new Map(unreadable.map((row) => [keyOf(row.chatId, row.messageId), row]))
  const missing = [...byKey].filter(([key, { unreadable, deleted, isOld, chat }]) => {
    const must = unreadable && !deleted && !isOld && chat !== closed
    return must && !rows.has(key)
  })
  const wrong = [...rows].filter(([key, { chatId, senderId, date }]) => {
    const expected = byKey.get(key)
    const isRight = expected?.unreadable && !expected.deleted
    const isSame = senderId === (expected?.senderId ?? null) && date === expected?.date
    return chatId !== closed && !(isRight && isSame)
  })
  return [
    ...missing.map(([key]) => `${key}: cannot be read, and nobody says so`),
    ...wrong.map(([key, { reason, senderId, date }]) => `${key}: is said to be ${reason}, of ${senderId} at ${date}`),
  ]
}

/** What was deleted before it was seen is in nobody's ledger. */
function boundsDifferences(
  { chat, messages, topAtFirst }: ExpectedChat,
  { firstId, upToId }: { firstId: number; upToId: number },
): string[] {
  const alive = messages.filter(({ deleted }) => !deleted)
  const [least, most] = [alive.at(-1)?.id ?? 0, Math.max(topAtFirst, messages.at(-1)?.id ?? 0)]
  const first = messages.find(({ id, deleted }) => id > topAtFirst && !deleted)?.id
  return [
    ...(upToId < least || upToId > most ? [`chat ${chat}: the ledger ends at ${upToId}, the chat at ${least}`] : []),
    ...(first !== undefined && firstId > first
      ? [`chat ${chat}: the ledger begins at ${firstId}, after ${first}`]
      : []),
  ]
}

function gapDifferences({ gaps, backfills }: Stored, { closed }: Expectation): string[] {
  const wanted = (chatId: number | null) => (chatId !== null && chatId === closed ? 'closed' : 'filled')
  const open = gaps.filter(({ chatId, state }) => state !== 'filled' && state !== wanted(chatId))
  const unread = backfills.filter(({ state }) => state !== 'done')
  return [
    ...open.map(
      ({ id, chatId, reason, state, detail }) => `chat ${chatId}: gap ${id} (${reason}) is ${state}: ${detail}`,
    ),
    ...unread.map(({ id, chatId, state, problem }) => `chat ${chatId}: backfill ${id} is ${state}: ${problem}`),
  ]
}

function cursorDifferences({ cursors }: Stored, { account, chats }: Expectation, world: World): string[] {
  const byBox = new Map(cursors.map(({ box, pts }) => [box, pts]))
  const channels = chats.filter(({ chat }) => isChannel(chat)).map(({ chat }) => world.channelOf(chat))
  const boxes = [{ id: 0, box: world.accountOf(account).box }, ...channels]
  return boxes.flatMap(({ id, box }) => {
    const pts = byBox.get(id)
    return pts === box.pts ? [] : [`chat ${id && FIRST_CHANNEL - id}: the cursor is ${pts}, Telegram at ${box.pts}`]
  })
}

/** One alert for each message or album that always had the keyword; where an edit brought or took it, one at most. */
function alertDifferences(stored: Stored, expectation: Expectation): string[] {
  const last = stored.messages.at(-1)?.row ?? 0
  const differences = stored.scoredUpTo === last ? [] : [`scored up to ${stored.scoredUpTo} of ${last}`]
  for (const [name, { had, raised }] of itemsOf(stored, expectation)) {
    const isRight = had.has(true) ? raised === 1 : had.has('sometimes') ? raised <= 1 : raised === 0
    if (!isRight) differences.push(`${name}: ${raised} alerts (keyword: ${[...had].join(', ')})`)
  }
  return differences
}

interface Item {
  had: Set<ReturnType<typeof hadKeyword>>
  raised: number
}

/** An album is one, whichever of its parts rang. */
function itemsOf({ messages, alerts }: Stored, { byKey }: Expectation): Map<string, Item> {
  const raised = new Map<number, number>()
  for (const row of alerts) raised.set(row, (raised.get(row) ?? 0) + 1)
  const items = new Map<string, Item>()
  for (const { row, chatId, messageId } of messages) {
    const told = byKey.get(keyOf(chatId, messageId))?.told
    const name = `chat ${chatId} ${told?.album ? `album ${told.album}` : `message ${messageId}`}`
    const item = items.get(name) ?? { had: new Set(), raised: 0 }
    items.set(name, item)
    item.had.add(told !== undefined && hadKeyword(told, KEYWORD))
    item.raised += raised.get(row) ?? 0
  }
  return items
}

function counterDifferences({ messages, alerts, counted }: Stored): string[] {
  const checks: [string, number, number][] = [
    ['messages by the hour', counted.traffic, messages.length],
    ['messages in all', counted.messages, messages.length],
    ['alerts in all', counted.alerts, alerts.length],
    ['alerts by the hour', counted.alertTraffic, alerts.length],
    ['events of alerts', counted.alertEvents, alerts.length],
  ]
  return checks.flatMap(([what, found, wanted]) => (found === wanted ? [] : [`${what}: ${found} instead of ${wanted}`]))
}
