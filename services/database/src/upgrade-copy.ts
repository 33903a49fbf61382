import { chmodSync, readdirSync, renameSync, rmSync, statSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import type Database from '@tgsentinel/sqlite-driver'

const COPY_KEPT_MS = 7 * 24 * 3600 * 1000

/**
 * Copies a database beside itself, before an upgrade begins with a step.
 * @returns the path of the copy, which is whole as soon as it has its name
 * @throws Error with a sentence that says how much room is needed
 */
export function copyBeforeStep(database: Database.Database, path: string, step: number): string {
  const copy = `${path}.before-step-${step}`
  const unfinished = `${copy}.unfinished`
  try {
    rmSync(unfinished, { force: true })
    database.prepare('VACUUM INTO ?').run(unfinished)
    chmodSync(unfinished, statSync(path).mode & 0o777)
    renameSync(unfinished, copy)
    return copy
  } catch (cause) {
    rmSync(unfinished, { force: true })
    throw new Error(
      `No copy of the database ${path} could be made before its upgrade. Make room beside it for as much again ` +
        `(${Math.ceil(statSync(path).size / 1e6)} MB), and start again.`,
      { cause },
    )
  }
}

/** Copies from before upgrades, and what restores replaced. */
export function copiesOf(path: string): { path: string; keptSinceMs: number }[] {
  const folder = dirname(path)
  return readdirSync(folder).flatMap((name) => {
    const keptSinceMs = keptSince(basename(path), folder, name)
    return keptSinceMs === undefined ? [] : [{ path: join(folder, name), keptSinceMs }]
  })
}

/** They are needed no longer than a week. */
export function removeOldCopies(path: string): void {
  for (const copy of copiesOf(path))
    if (Date.now() - copy.keptSinceMs > COPY_KEPT_MS) rmSync(copy.path, { force: true })
}

/** Since when a copy of the database is kept, in Unix milliseconds; undefined for any other file. */
function keptSince(database: string, folder: string, name: string): number | undefined {
  if (!name.startsWith(database)) return undefined
  const ending = name.slice(database.length)
  if (ending.startsWith('.before-step-')) return statSync(join(folder, name)).mtimeMs
  // What was replaced is as old as it was: its name has the moment.
  const [, day, hour, minute, second] = /^\.before-restore-([\d-]{10})T(\d\d)-(\d\d)-(\d\d)Z/.exec(ending) ?? []
  return day === undefined ? undefined : Date.parse(`${day}T${hour}:${minute}:${second}Z`)
}
