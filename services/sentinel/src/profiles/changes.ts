import { isDeepStrictEqual } from 'node:util'
import type { ProfileRules } from '../store/profile-rules'
import type { RuleChange } from '../model'

/** What a revision holds of a profile. */
export interface NamedRules {
  name: string
  rules: ProfileRules
}

/**
 * What became different, field by field. Of a list only what went and what came: both are empty where nothing but its order
 * changed. Pure.
 */
export function changesBetween(before: NamedRules, after: NamedRules): RuleChange[] {
  return compare('', { name: before.name, ...before.rules }, { name: after.name, ...after.rules })
}

function compare(path: string, before: unknown, after: unknown): RuleChange[] {
  if (isDeepStrictEqual(before, after)) return []
  if (Array.isArray(before) || Array.isArray(after)) return [compareLists(path, listOf(before), listOf(after))]
  if (isObject(before) || isObject(after)) return compareFields(path, fieldsOf(before), fieldsOf(after))
  return [{ path, before: before ?? null, after: after ?? null }]
}

function compareFields(path: string, before: Record<string, unknown>, after: Record<string, unknown>): RuleChange[] {
  const names = new Set([...Object.keys(before), ...Object.keys(after)])
  return [...names].flatMap((name) => compare(path === '' ? name : `${path}.${name}`, before[name], after[name]))
}

function compareLists(path: string, before: readonly unknown[], after: readonly unknown[]): RuleChange {
  return { path, before: without(before, after), after: without(after, before) }
}

/** Entries are compared by their JSON: a list may have five thousand words, and comparing each with each takes seconds. */
function without(list: readonly unknown[], others: readonly unknown[]): unknown[] {
  const known = new Set(others.map(keyOf))
  return list.filter((entry) => !known.has(keyOf(entry)))
}

function keyOf(entry: unknown): string {
  return JSON.stringify(
    isObject(entry) ? Object.entries(entry).sort(([one], [other]) => (one < other ? -1 : 1)) : entry,
  )
}

function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : []
}

function fieldsOf(value: unknown): Record<string, unknown> {
  return isObject(value) ? value : {}
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
