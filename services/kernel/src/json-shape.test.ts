import { requireBoundedShape } from './json-shape'

const nested = (levels: number) => '['.repeat(levels) + ']'.repeat(levels)

describe('JSON that comes in', () => {
  it.each([
    ['signs within texts', JSON.stringify({ a: '[{,:'.repeat(100_000), b: ['\\', '"[[[', '\\"{{{'] })],
    ['a text that never ends', `"${'\\"'.repeat(100_000)}`],
    ['ten megabytes of text', JSON.stringify({ session_data: 'A'.repeat(10_000_000) })],
    ['sixty levels', nested(60)],
    ['a hundred thousand words', JSON.stringify(Array(100_000).fill('word'))],
    ['nothing', ''],
  ])('is read with %s', (_what, text) => {
    expect(() => requireBoundedShape(text)).not.toThrow()
  })

  it.each([
    ['lists in lists', nested(70), 'nested deeper than 64'],
    ['objects in objects', '{"a":'.repeat(70), 'nested deeper than 64'],
    ['fields', `{${'"a":1,'.repeat(20_001)}}`, 'more than 20000 fields'],
    ['values', `[${'1,'.repeat(150_001)}1]`, 'more than 150000 values'],
  ])('is refused for too many %s', (_what, text, part) => {
    expect(() => requireBoundedShape(text)).toThrow(part)
  })
})
