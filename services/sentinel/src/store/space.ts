import type { SqliteDatabase } from '@tgsentinel/kernel/sqlite'

export interface Pages {
  /** Of the file; `free` of them hold nothing. */
  total: number
  free: number
  sizeBytes: number
}

/** The database's file: how large it is, and giving back what is free of it. */
export class Space {
  constructor(private readonly database: SqliteDatabase) {}

  get path(): string {
    return this.database.name
  }

  /** Whether free pages can be given back a few at a time; a file of an older version has to be rewritten first. */
  get isIncremental(): boolean {
    return this.number('auto_vacuum') === 2
  }

  pages(): Pages {
    return {
      total: this.number('page_count'),
      free: this.number('freelist_count'),
      sizeBytes: this.number('page_size'),
    }
  }

  /** Gives so many free pages back to the disk. */
  release(pages: number): void {
    this.database.exec(`PRAGMA incremental_vacuum(${pages})`)
  }

  /** Puts what is in the write-ahead log into the file, which shrinks only then. */
  checkpoint(): void {
    this.database.pragma('wal_checkpoint(TRUNCATE)')
  }

  private number(pragma: string): number {
    return Number(this.database.pragma(pragma, { simple: true }))
  }
}
