import type { ReadProfile } from '../profiles/import/profile-imports'

/** What the thread is to do: to read a file, or one of profiles, or to write one, whose JSON is given, as YAML. */
export type Task =
  | { kind: 'read'; content: string }
  | { kind: 'profiles'; content: string; takenNames: readonly string[] }
  | { kind: 'write'; json: string }

/** What it says, once. `profiles`: the JSON of each; `rest`: of the file without them. */
export type Said =
  | { kind: 'read'; profiles: string[]; rest: string }
  | { kind: 'profiles'; found: ReadProfile[] }
  | { kind: 'written'; yaml: string }
  | { kind: 'refused'; problem: string }
