import { isDeepStrictEqual } from 'node:util'
import type { SettingsChange } from '../model'
import { isRecord } from '../profiles/import/values'

type Kind = SettingsChange['kind']

/** What a file makes of something: `before` is null for what is not there yet. Pure. */
export function changeOf(
  kind: Kind,
  name: string | null,
  before: object | null,
  after: object,
  message: string | null = null,
): SettingsChange {
  if (!before) return { kind, name, action: 'create', fields: [], message }
  const fields = fieldsChanged(before, after)
  return { kind, name, action: fields.length > 0 ? 'update' : 'unchanged', fields, message }
}

/** Fields that are not alike, as in `keywords.general.words`; a list is one of them as a whole. */
export function fieldsChanged(before: object, after: object, path = ''): string[] {
  const names = new Set([...Object.keys(before), ...Object.keys(after)])
  return [...names].flatMap((name) => {
    const [one, other] = [valueOf(before, name), valueOf(after, name)]
    if (isDeepStrictEqual(one, other)) return []
    return isRecord(one) && isRecord(other) ? fieldsChanged(one, other, `${path}${name}.`) : [`${path}${name}`]
  })
}

export function isChange({ action }: SettingsChange): boolean {
  return action === 'create' || action === 'update'
}

function valueOf(fields: object, name: string): unknown {
  return (fields as Record<string, unknown>)[name]
}
