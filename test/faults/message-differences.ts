import { isReadable, textOf, type Saying, type Told } from './chronicle'
import type { Stored, StoredRow } from './stored'
import { keyOf, type Expectation, type Expected } from './truth'

/** What is stored of the messages themselves against what was posted. */
export function messageDifferences(stored: Stored, expectation: Expectation): string[] {
  const rows = new Map(stored.messages.map((row) => [keyOf(row.chatId, row.messageId), row]))
  const { account, byKey, closed } = expectation
  const differences = rows.size < stored.messages.length ? ['a message is stored twice'] : []
  for (const [key, expected] of byKey) {
    const row = rows.get(key)
    const isClosed = expected.chat === closed
    const may = expected.deleted || expected.isOld || isClosed || isLost(expected)
    // What became of a message after its chat was closed to us nobody tells us.
    if (row && isClosed) continue
    if (row) differences.push(...rowDifferences(row, expected, stored).map((text) => `${nameOf(row)}: ${text}`))
    else if (!may) differences.push(`${nameOf({ chatId: expected.chat, messageId: expected.id })}: is not stored`)
  }
  for (const [key, row] of rows) if (!byKey.has(key)) differences.push(`${nameOf(row)}: was never posted`)
  return differences.map((text) => `account ${account} ${text}`)
}

/** Nobody can read it. */
function isLost({ told }: Expected): boolean {
  return told !== undefined && !isReadable(told)
}

function nameOf({ chatId, messageId }: Pick<StoredRow, 'chatId' | 'messageId'>): string {
  return `chat ${chatId} message ${messageId}`
}

function rowDifferences(row: StoredRow, expected: Expected, stored: Stored): string[] {
  const checks: [boolean, string][] = [
    // What was edited and then deleted while Telegram kept no difference nobody can know; the gap says so.
    [
      row.text === expected.text || isLost(expected) || isLostInHole(row, stored),
      `says ${quoted(row.text)} instead of ${quoted(expected.text)}`,
    ],
    [row.senderId === expected.senderId, `is of ${row.senderId} instead of ${expected.senderId}`],
    [row.date === expected.date, `is dated ${row.date} instead of ${expected.date}`],
    [
      (row.deletedAt !== null) === expected.deleted,
      expected.deleted ? 'is not known to be deleted' : 'counts as deleted and is not',
    ],
    [
      expected.deleted || isLost(expected) || Boolean(row.isPinned) === expected.pinned,
      expected.pinned ? 'is not known to be pinned' : 'counts as pinned and is not',
    ],
  ]
  const own = checks.filter(([isRight]) => !isRight).map(([, text]) => text)
  return [...own, ...versionDifferences(row, expected, stored), ...reactionDifferences(row, expected, stored)]
}

/** A version for each text that was seen and is no more, in their order; none for a reaction, and nothing that was never said. */
function versionDifferences({ row, text }: StoredRow, { told }: Expected, stored: Stored): string[] {
  const texts = [...(stored.versions.get(row) ?? []).map((version) => version.text), text]
  if (!told) return texts.length > 1 ? ['has versions of what was never edited'] : []
  const said = told.said.filter((each) => each.isReadable).map((each) => ({ ...each, text: textOf(told, each.text) }))
  const isKnown = (each: string) => said.some((saying) => saying.text === each)
  if (!texts.every(isKnown)) return ['has a version that was never said']
  const isRight = texts.every((each, index) => index === 0 || follows(said, texts[index - 1] as string, each))
  return isRight ? [] : [`has versions in another order than they were written: ${orderOf(said, texts)}`]
}

/** Of two edits in the same second nobody can tell which was the later one; the second was written down a moment after Telegram's own. */
function follows(said: Saying[], before: string, after: string): boolean {
  const timesOf = (text: string) => said.filter((saying) => saying.text === text).map(({ atS }) => atS)
  const isTie = timesOf(before).some((one) => timesOf(after).some((other) => Math.abs(one - other) <= 1))
  const placeOf = (text: string) => said.findIndex((saying) => saying.text === text)
  return before !== after && (isTie || placeOf(before) < placeOf(after))
}

function orderOf(said: Saying[], texts: string[]): string {
  return texts.map((text) => said.findIndex((saying) => saying.text === text) + 1).join(', ')
}

function reactionDifferences({ row, deletedAt }: StoredRow, { told }: Expected, stored: Stored): string[] {
  const expected = told?.reactions
  if (!expected || deletedAt !== null) return []
  const found = stored.reactions.get(row) ?? null
  const isSame = JSON.stringify(found) === JSON.stringify(expected)
  return isSame ? [] : [`has the reactions ${JSON.stringify(found)} instead of ${JSON.stringify(expected)}`]
}

/** What was said at some moment of the run, by row, and is neither said now nor kept as a version. */
export function forgottenTexts(seen: Map<number, string>, { messages, versions }: Stored, account: number): string[] {
  const rows = new Map(messages.map((message) => [message.row, message]))
  return [...seen].flatMap(([row, text]) => {
    const message = rows.get(row)
    if (!message) return [`account ${account} row ${row} is gone`]
    const kept = message.text === text || versions.get(row)?.some((version) => version.text === text)
    return kept ? [] : [`account ${account} ${nameOf(message)}: said ${quoted(text)} once, which is not kept`]
  })
}

export function hadKeyword({ said }: Told, keyword: string): boolean | 'sometimes' {
  const read = said.filter((saying) => saying.isReadable)
  const having = read.filter(({ text }) => text.includes(keyword)).length
  return having === 0 ? false : having === read.length ? true : 'sometimes'
}

function quoted(text: string): string {
  return JSON.stringify(text.slice(0, 60))
}

function isLostInHole({ chatId, deletedAt }: StoredRow, { gaps }: Stored): boolean {
  const box = chatId < -1_000_000_000_000 ? chatId : null
  return deletedAt !== null && gaps.some((gap) => gap.chatId === box && gap.reason === 'too_long')
}
