/** Session files of tools whose schemas are known and not read here, told apart by tables that only they have. */
interface ForeignTool {
  readonly name: string
  readonly tables: readonly string[]
  readonly nextStep: string
}

const SIGN_IN_HERE = 'sign in here with a QR code or your phone number, or upload a .session file of Telethon 1'

/** Telethon v2 storage/sqlite.py (version 10), mtcute storage/sqlite, grammers-session storages/sqlite.rs (version 1). */
const TOOLS: readonly ForeignTool[] = [
  { name: 'Telethon 2', tables: ['datacenter', 'channelstate'], nextStep: `it has no export; ${SIGN_IN_HERE}` },
  {
    name: 'mtcute',
    tables: ['mtcute_migrations'],
    nextStep: 'export a string with "await client.exportSession()" and paste that',
  },
  { name: 'grammers', tables: ['dc_home', 'dc_option'], nextStep: `it has no export; ${SIGN_IN_HERE}` },
]

/** Which tool wrote a file with these tables, and what to do; null when it is none that we know. */
export function foreignToolHint(hasTable: (name: string) => boolean): string | null {
  const tool = TOOLS.find(({ tables }) => tables.every(hasTable))
  return tool === undefined ? null : `this is a session of ${tool.name}: ${tool.nextStep}`
}
