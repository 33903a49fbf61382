/** What keeps a database from being opened, and what to do about it. */
export function inWords(error: unknown, path: string): unknown {
  const code = codeOf(error)
  const sentence = SENTENCES.find(([pattern]) => pattern.test(code))?.[1]
  return sentence ? new Error(sentence(path), { cause: error }) : error
}

const SENTENCES: readonly [RegExp, (path: string) => string][] = [
  [
    /^SQLITE_(NOTADB|CORRUPT)/,
    (path) =>
      `The file ${path} is not a database, or it is damaged. Restore a backup (npm run restore -- FILE), or move the file away to begin anew.`,
  ],
  [/^SQLITE_FULL/, (path) => `There is no room on the disk of the database ${path}. Make room, and start again.`],
  [
    /^SQLITE_(BUSY|LOCKED)/,
    (path) => `The database ${path} is locked by another process. Stop that one, and start again.`,
  ],
  [
    /^SQLITE_(READONLY|CANTOPEN|IOERR|PERM|AUTH)/,
    (path) => `The database ${path} cannot be written. Check its disk and who may write it and its folder.`,
  ],
]

function codeOf(error: unknown): string {
  return typeof error === 'object' && error !== null && 'code' in error ? String(error.code) : ''
}

/** Whether an error says that the disk or the file does not take writes now, so that trying again later makes sense. */
export function isStorageFailure(error: unknown): boolean {
  return /^SQLITE_(FULL|IOERR|READONLY|BUSY|LOCKED|CANTOPEN|NOMEM)/.test(codeOf(error))
}
