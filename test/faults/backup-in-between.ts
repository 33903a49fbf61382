import { join } from 'node:path'
import { makeBackup } from '../../services/backup/src/backup'
import { restoreBackup } from '../../services/backup/src/restore'
import { MIGRATIONS } from '../../services/sentinel/src/store/migrations'
import type { MortalSentinel } from './mortal-sentinel'
import { readStored, type Stored, type StoredRow } from './stored'

/** A backup that is made while a sentinel writes, is cut off or dies; restored elsewhere once all is at rest. */
export class BackupInBetween {
  private readonly making: Promise<string | Error>
  private readonly before: Stored

  constructor(
    private readonly sentinel: MortalSentinel,
    private readonly folder: string,
  ) {
    const { databasePath, account } = sentinel
    this.before = readStored(databasePath, account)
    this.making = makeBackup({
      to: join(folder, 'backups'),
      version: 'faults',
      databases: [{ name: 'sentinel.db', path: databasePath }],
    }).then(
      ({ path }) => path,
      (error: Error) => error,
    )
  }

  /** How what was restored differs from what there was at its moment. */
  async differences(): Promise<string[]> {
    const made = await this.making
    if (typeof made !== 'string') return [`no backup was made: ${made.stack}`]
    const path = join(this.folder, 'restored', 'sentinel.db')
    await restoreBackup({
      file: made,
      targets: { 'sentinel.db': path },
      migrations: { 'sentinel.db': MIGRATIONS, 'ui.db': [] },
    })
    const { account, databasePath } = this.sentinel
    return compare(this.before, readStored(path, account), readStored(databasePath, account))
  }
}

/** All that there was when it began is in it, and of what came later a beginning without holes, in words that were once so. */
function compare(before: Stored, restored: Stored, now: Stored): string[] {
  const upTo = restored.messages.at(-1)?.row ?? 0
  const known = new Map(restored.messages.map((message) => [message.row, message]))
  const due = [...before.messages, ...now.messages.filter(({ row }) => row <= upTo)]
  const missing = new Map(due.filter(({ row }) => !known.has(row)).map((message) => [message.row, message]))
  const current = new Map(now.messages.map((message) => [message.row, message]))
  const strange = restored.messages.filter((message) => !wasOnce(message, current.get(message.row), now))
  const backwards = before.cursors.filter(({ box, pts }) => (cursorOf(restored, box) ?? 0) < pts)
  return [
    ...[...missing.values()].map(({ chatId, messageId }) => `the backup lacks ${chatId}/${messageId}`),
    ...strange.map(({ chatId, messageId, text }) => `the backup has ${chatId}/${messageId} as “${text}”`),
    ...backwards.map(({ box, pts }) => `the backup's cursor of ${box} is before ${pts}`),
  ]
}

function wasOnce(message: StoredRow, current: StoredRow | undefined, now: Stored): boolean {
  if (!current || current.chatId !== message.chatId || current.messageId !== message.messageId) return false
  const texts = [current.text, ...(now.versions.get(message.row) ?? []).map(({ text }) => text)]
  return texts.includes(message.text)
}

function cursorOf({ cursors }: Stored, box: number): number | undefined {
  return cursors.find((cursor) => cursor.box === box)?.pts
}
