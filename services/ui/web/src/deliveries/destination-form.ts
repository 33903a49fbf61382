import type { Destination, DestinationDraft, DestinationKind } from '../model'
import { KINDS, type KindField } from './destination-kinds'

/** A destination as it is typed: the parts of its target and its secrets by name. */
export interface DestinationForm {
  name: string
  enabled: boolean
  kind: DestinationKind
  values: Readonly<Record<string, string>>
  hearsAlerts: boolean
  /** Null: of all profiles. */
  profiles: readonly number[] | null
  minScore: string
  templateId: number | null
  rate: string
}

export const EMPTY_FORM: DestinationForm = {
  name: '',
  enabled: true,
  kind: 'saved_messages',
  values: {},
  hearsAlerts: true,
  profiles: null,
  minScore: '0',
  templateId: null,
  rate: '20',
}

/** Secrets are not there to be shown: their fields begin empty, and stay as they are where nothing is typed. */
export function formOf(destination: Destination): DestinationForm {
  const { name, enabled, target, hears, template_id: templateId, rate_per_minute: rate } = destination
  const { kind, ...parts } = target
  const values = Object.entries(parts).map(([part, value]) => [
    part,
    Array.isArray(value) ? value.join(', ') : String(value),
  ])
  return {
    ...{ name, enabled, kind, templateId },
    values: Object.fromEntries(values) as Record<string, string>,
    hearsAlerts: hears.alerts ?? true,
    profiles: hears.profiles ?? null,
    minScore: String(hears.min_score ?? 0),
    rate: String(rate),
  }
}

export function draftOf(form: DestinationForm): DestinationDraft {
  const { fields } = KINDS[form.kind]
  const valuesOf = (isSecret: boolean) =>
    Object.fromEntries(
      fields
        .filter((field) => Boolean(field.isSecret) === isSecret)
        .map((field) => [field.name, valueOf(field, form.values[field.name])] as const)
        .filter(([, value]) => value !== undefined),
    )
  return {
    name: form.name,
    enabled: form.enabled,
    target: { kind: form.kind, ...valuesOf(false) } as DestinationDraft['target'],
    secrets: valuesOf(true),
    hears: {
      alerts: form.hearsAlerts,
      ...(form.profiles && { profiles: [...form.profiles] }),
      min_score: Number(form.minScore.replace(',', '.')),
    },
    template_id: form.templateId,
    rate_per_minute: Number(form.rate),
  }
}

function valueOf({ name, isNumber, isBoolean, choices }: KindField, typed = ''): unknown {
  const text = typed.trim() || Object.keys(choices ?? {})[0]
  if (!text) return undefined
  if (name === 'to') return text.split(/[,\s]+/).filter(Boolean)
  if (isBoolean) return text === 'true'
  return isNumber ? Number(text) : text
}
