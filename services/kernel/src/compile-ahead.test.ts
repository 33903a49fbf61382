import document from '../../../openapi/generated/sentinel.json'
import { piecesOf } from './compile-ahead'
import type { OpenApiDocument } from './validation'

it('names each schema of a body once, after those that it refers to', () => {
  const pieces = piecesOf(document as unknown as OpenApiDocument)
  expect(pieces).toContain('#/components/schemas/ProfileDraft')
  expect(new Set(pieces).size).toBe(pieces.length)
  const schemas = document.components.schemas as Record<string, unknown>
  for (const [at, piece] of pieces.entries()) {
    const inner = JSON.stringify(schemas[piece.split('/').at(-1) ?? '']).match(/#\/components\/schemas\/\w+/g) ?? []
    const late = inner.filter((reference) => pieces.indexOf(reference) > at && !isLoop(reference, piece))
    expect([piece, late]).toEqual([piece, []])
  }

  function isLoop(from: string, to: string, seen = new Set<string>()): boolean {
    if (from === to || seen.has(from)) return from === to
    seen.add(from)
    const inner = JSON.stringify(schemas[from.split('/').at(-1) ?? '']).match(/#\/components\/schemas\/\w+/g) ?? []
    return inner.some((reference) => isLoop(reference, to, seen))
  }
})
