import Database from '@tgsentinel/sqlite-driver'

/** Makes as many free pages in a database's file as large deletions leave. */
export function freePages(path: string, pages: number): void {
  const database = new Database(path)
  try {
    database.exec('CREATE TABLE ballast (bytes BLOB)')
    database.prepare('INSERT INTO ballast VALUES (zeroblob(?))').run(pages * 4096)
    database.exec('DROP TABLE ballast')
  } finally {
    database.close()
  }
}
