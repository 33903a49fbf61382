import * as v from 'valibot'

/** The one name of a manifest in a backup. */
export const MANIFEST = 'manifest.json'
export const SESSION = 'tgsentinel.session.sealed'
export const DATABASES = ['sentinel.db', 'ui.db'] as const
export type DatabaseName = (typeof DATABASES)[number]

/** Of the layout of a backup; a later one is refused. */
export const FORMAT = 1

const file = {
  size: v.pipe(v.number(), v.integer(), v.minValue(0)),
  sha256: v.pipe(v.string(), v.regex(/^[0-9a-f]{64}$/)),
}

const schema = v.object({
  format: v.pipe(v.number(), v.integer(), v.minValue(1)),
  product: v.literal('tgsentinel'),
  /** Of the program that made it. */
  version: v.string(),
  /** The moment up to which it holds everything. */
  made_at: v.pipe(v.string(), v.isoTimestamp()),
  databases: v.array(
    v.object({
      ...file,
      name: v.picklist(DATABASES),
      /** Rows by table. */
      rows: v.record(v.string(), v.number()),
      /** Steps of the schema that have run: names and hashes. */
      steps: v.array(v.object({ name: v.string(), hash: v.nullable(v.string()) })),
    }),
  ),
  session: v.nullable(v.object({ ...file, name: v.literal(SESSION) })),
})

/** What a backup holds, and by what it is proven whole. */
export type Manifest = v.InferOutput<typeof schema>
export type DatabaseEntry = Manifest['databases'][number]

/** @throws BackupError for what is no manifest, or one of a newer layout */
export function parseManifest(text: string): Manifest {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch (cause) {
    throw new BackupError('The backup is damaged: its manifest cannot be read.', { cause })
  }
  const format = (value as { format?: unknown } | null)?.format
  if (typeof format === 'number' && format > FORMAT)
    throw new BackupError('The backup was made by a newer version of TG Sentinel. Update this one.')
  const result = v.safeParse(schema, value)
  if (!result.success) throw new BackupError('The backup is damaged: its manifest is not one of TG Sentinel.')
  return result.output
}

/** What keeps a backup from being made or restored, in a sentence with the next step. */
export class BackupError extends Error {
  override readonly name = 'BackupError'
}
