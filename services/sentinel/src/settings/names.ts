/** Ids by name and names by id: the database refers by the one, a file by the other. */
export class Names {
  private readonly ids: ReadonlyMap<string, number>
  private readonly names: ReadonlyMap<number, string>

  constructor(list: readonly { id: number; name: string }[]) {
    this.ids = new Map(list.map(({ id, name }) => [name, id]))
    this.names = new Map(list.map(({ id, name }) => [id, name]))
  }

  /** Null for what is gone. */
  nameOf(id: number): string | null {
    return this.names.get(id) ?? null
  }

  idOf(name: string): number | null {
    return this.ids.get(name.trim()) ?? null
  }

  /** Of those that are gone none. */
  namesOf(ids: readonly number[]): string[] {
    return ids.flatMap((id) => this.nameOf(id) ?? [])
  }

  idsOf(names: readonly string[]): number[] {
    return names.flatMap((name) => this.idOf(name) ?? [])
  }
}
