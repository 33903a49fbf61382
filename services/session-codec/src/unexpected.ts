import { InvalidSessionFile } from './invalid-session-file'

/** The refusal of something in the schema that a session file does not have. */
export function unexpected(what: string): InvalidSessionFile {
  return new InvalidSessionFile('schema', `The file is not a plain session file: unexpected ${what} in its schema`)
}

/** A name out of a hostile file, fit for a message. */
export function printable(name: string): string {
  return name.replace(/[^\x20-\x7e]/g, '?').slice(0, 40)
}
