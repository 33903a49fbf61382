import type { Contract } from './openapi'

type Schema = Record<string, unknown>
export type Path = readonly (string | number)[]

/** One of these fits wherever the documents ask for a text. */
const TEXTS = [
  ...['a', '1', '-1001234567890', '@ada', '08:00', 'Europe/Berlin', 'ada@example.org', 'https://example.org/a'],
  ...[
    '2026-11-30T12:00:00Z',
    '2026-11-30',
    '!abc:example.org',
    '0123456789abcdef0123456789abcdef',
    'en',
    'A'.repeat(22),
  ],
  ...[
    'mail.example.org',
    `B${'A'.repeat(86)}`,
    `whsec_${'A'.repeat(44)}`,
    'socks5://127.0.0.1:1',
    'correct horse battery',
  ],
  ...['{{ text }}', 'me', 'new'],
]

/** Bodies in which every field is filled in: one for each form that a union inside has. */
export function fullBodies(contract: Contract, schema: Schema): unknown[] {
  return new Filling(contract).of(schema)
}

class Filling {
  constructor(private readonly contract: Contract) {}

  of(given: Schema, depth = 0): unknown[] {
    const schema = this.resolved(given)
    if (depth > 12) return []
    if ('const' in schema) return [schema['const']]
    if (Array.isArray(schema['enum'])) return [schema['enum'][0]]
    for (const union of ['oneOf', 'anyOf', 'allOf'])
      if (Array.isArray(schema[union])) {
        const branches = (schema[union] as Schema[]).flatMap((branch) => this.of(branch, depth + 1))
        return schema['type'] === 'object' || union === 'oneOf' ? branches : branches.slice(0, 1)
      }
    return this.byType(schema, depth)
  }

  private byType(schema: Schema, depth: number): unknown[] {
    switch ([schema['type']].flat()[0]) {
      case 'object':
        return this.objects(schema, depth)
      case 'array':
        return [this.of((schema['items'] ?? {}) as Schema, depth + 1).slice(0, Number(schema['maxItems'] ?? 20))]
      case 'integer':
      case 'number':
        return [Math.max(1, Number(schema['minimum'] ?? 1))].map((least) =>
          Math.min(least, Number(schema['maximum'] ?? least)),
        )
      case 'boolean':
        return [true]
      case 'null':
        return [null]
      default:
        return [this.textOf(schema)]
    }
  }

  /** As many as the field with the most forms has. */
  private objects(schema: Schema, depth: number): unknown[] {
    const fields = Object.entries((schema['properties'] ?? {}) as Record<string, Schema>)
    const filled = fields
      .map(([name, inner]) => [name, this.of(inner, depth + 1)] as const)
      .filter(([, all]) => all.length > 0)
    const many = Math.max(1, ...filled.map(([, all]) => all.length))
    return Array.from({ length: many }, (_, at) =>
      Object.fromEntries(filled.map(([name, all]) => [name, all[Math.min(at, all.length - 1)]])),
    )
  }

  private textOf(schema: Schema): string {
    const repeated = TEXTS.map((text) => text.repeat(Math.ceil(Number(schema['minLength'] ?? 1) / text.length) || 1))
    return repeated.find((text) => this.contract.problem(schema, text) === null) ?? 'a'
  }

  private resolved(schema: Schema): Schema {
    const reference = schema['$ref']
    if (typeof reference !== 'string') return schema
    const steps = reference.slice(2).split('/')
    const { $ref: _reference, ...beside } = schema
    return { ...this.resolved(steps.reduce((at, step) => at[step] as Schema, this.contract.document)), ...beside }
  }
}

/** Every place of a value, from the outside in. */
export function placesIn(value: unknown, path: Path = []): Path[] {
  if (value === null || typeof value !== 'object') return [path]
  const inner = Array.isArray(value) ? value.map((one, at) => [at, one] as const) : Object.entries(value)
  return [path, ...inner.flatMap(([name, one]) => placesIn(one, [...path, name]))]
}

/** The same value with another at a place. */
export function withAt(value: unknown, [name, ...rest]: Path, other: unknown): unknown {
  if (name === undefined) return other
  if (Array.isArray(value)) return value.map((one, at) => (at === name ? withAt(one, rest, other) : one))
  return { ...(value as object), [name]: withAt((value as Record<string, unknown>)[name], rest, other) }
}
