/** What the thread is to do: to read a file, to parse one of another kind, or to write one, whose JSON is given, as YAML. */
export type Task = { kind: 'read' | 'parse'; content: string } | { kind: 'write'; json: string }

/** What it says, once. `profiles`: the JSON of each; `rest`: of the file without them. */
export type Said =
  | { kind: 'read'; profiles: string[]; rest: string }
  | { kind: 'parsed'; json: string }
  | { kind: 'written'; yaml: string }
  | { kind: 'refused'; problem: string }
