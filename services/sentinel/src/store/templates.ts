import type { SqliteDatabase } from '@tgsentinel/kernel/sqlite'
import { failure } from '../model'

/** The texts of a template, in Liquid. */
export interface TemplateText {
  title: string
  body: string
}

export interface StoredTemplate extends TemplateText {
  id: number
  revision: number
  name: string
  createdAtMs: number
  updatedAtMs: number
}

const SELECT =
  'SELECT id, revision, name, title, body, created_at AS createdAtMs, updated_at AS updatedAtMs FROM templates'

export class TemplateTable {
  private readonly selectAll
  private readonly selectOne
  private readonly insert
  private readonly update
  private readonly remove

  constructor(database: SqliteDatabase) {
    this.selectAll = database.prepare<[], StoredTemplate>(`${SELECT} ORDER BY id`)
    this.selectOne = database.prepare<[number], StoredTemplate>(`${SELECT} WHERE id = ?`)
    this.insert = database.prepare<[object]>(
      'INSERT INTO templates (name, title, body, created_at, updated_at) VALUES (@name, @title, @body, @atMs, @atMs)',
    )
    this.update = database.prepare<[object]>(`
      UPDATE templates SET name = @name, title = @title, body = @body, updated_at = @atMs, revision = revision + 1
      WHERE id = @id`)
    this.remove = database.prepare<[number]>('DELETE FROM templates WHERE id = ?')
  }

  list(): StoredTemplate[] {
    return this.selectAll.all()
  }

  find(id: number): StoredTemplate | undefined {
    return this.selectOne.get(id)
  }

  /** @throws ApiError CONFLICT when another template has the name */
  add(name: string, text: TemplateText, atMs: number): number {
    const { lastInsertRowid } = refusingTakenName(name, () => this.insert.run({ name, ...text, atMs }))
    return Number(lastInsertRowid)
  }

  /** @throws ApiError CONFLICT when another template has the name */
  replace(id: number, name: string, text: TemplateText, atMs: number): void {
    refusingTakenName(name, () => this.update.run({ id, name, ...text, atMs }))
  }

  /** Destinations that used it use the built-in one from then on. */
  delete(id: number): boolean {
    return this.remove.run(id).changes > 0
  }
}

function refusingTakenName<T>(name: string, write: () => T): T {
  try {
    return write()
  } catch (error) {
    if ((error as { code?: string }).code !== 'SQLITE_CONSTRAINT_UNIQUE') throw error
    throw failure('CONFLICT', `A template named "${name}" exists. Choose another name.`, error)
  }
}
