import type Ajv2020 from 'ajv/dist/2020'
import type { OpenApiDocument, OperationSchema } from './validation'

/** Who has just started has other things to do. */
const AFTER_MS = 3000
const PAUSE_MS = 10

/**
 * Compiles what bodies are checked by before anybody sends one: a piece at a time, what others refer to first, so that none takes long.
 * A request that comes earlier compiles what it needs by itself.
 */
export function compileAhead(document: OpenApiDocument, compiler: () => Ajv2020): void {
  const pieces = piecesOf(document)
  const next = (): void => {
    const reference = pieces.shift()
    if (reference === undefined) return
    compiler().getSchema(`contract${reference}`)
    setTimeout(next, PAUSE_MS).unref()
  }
  setTimeout(next, AFTER_MS).unref()
}

/** References to the schemas of all JSON bodies and of what they refer to; each after those that it needs. */
export function piecesOf(document: OpenApiDocument): string[] {
  const known = new Set<string>()
  const ordered: string[] = []
  const visit = (value: unknown): void => {
    if (typeof value !== 'object' || value === null) return
    const { $ref: reference } = value as { $ref?: unknown }
    if (typeof reference !== 'string') return Object.values(value).forEach(visit)
    if (known.has(reference)) return
    known.add(reference)
    visit(document.components.schemas[reference.split('/').at(-1) ?? ''])
    ordered.push(reference)
  }
  for (const item of Object.values(document.paths))
    for (const operation of Object.values(item) as OperationSchema[])
      visit(operation.requestBody?.content['application/json']?.schema)
  return ordered
}
