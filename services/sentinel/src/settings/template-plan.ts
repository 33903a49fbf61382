import type { SettingsChange, Template } from '../model'
import { templateEntry, type TemplateEntry } from './entries'
import { changeOf, isChange } from './fields'
import { NOTHING, type Plan, type Planning } from './plan'
import { awaitedAt, requireOwnNames } from './refusal'

/** @throws ApiError INVALID_IMPORT, CONFLICT where there is no room */
export async function planTemplates({ rooms: { templates }, file, rested }: Planning): Promise<Plan> {
  if (!file.templates) return NOTHING
  requireOwnNames('templates', file.templates)
  const known = new Map(templates.list().map((template) => [template.name, template]))
  const changes: SettingsChange[] = []
  const writes: { present: Template | null; draft: TemplateEntry }[] = []
  for (const [index, entry] of file.templates.entries()) {
    await rested()
    const draft = templateEntry(entry)
    const present = known.get(draft.name) ?? null
    const change = changeOf('template', draft.name, present && templateEntry(present), draft)
    changes.push(change)
    if (!isChange(change)) continue
    // It is rendered to see that it can be: that may take a while.
    await awaitedAt(`templates.${index}`, () => templates.check(draft))
    writes.push({ present, draft })
  }
  templates.requireRoom(writes.filter(({ present }) => !present).length)
  return { changes, write: () => templates.takeOver(writes) }
}
