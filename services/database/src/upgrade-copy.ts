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

/** Those that were made of a database before upgrades. */
export function copiesOf(path: string): string[] {
  const isCopy = (name: string) => name.startsWith(`${basename(path)}.before-step-`)
  return readdirSync(dirname(path))
    .filter(isCopy)
    .map((name) => join(dirname(path), name))
}

/** Copies that were made more than a week ago are needed no longer. */
export function removeOldCopies(path: string): void {
  for (const copy of copiesOf(path)) {
    if (Date.now() - statSync(copy).mtimeMs > COPY_KEPT_MS) rmSync(copy, { force: true })
  }
}
