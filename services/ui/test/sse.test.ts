import { formatEvent, SseSplitter } from '../src/sentinel/sse'

const STREAM =
  'retry: 2000\n\nid: e-1\nevent: alert\ndata: {"a":"ä🙏"}\n\n: still here\n\ndata: one\ndata: two\n\nid: e-2\nevent: status\ndata:{}\n\n'
const EVENTS = [
  { id: 'e-1', type: 'alert', data: '{"a":"ä🙏"}' },
  { id: undefined, type: 'message', data: 'one\ntwo' },
  { id: 'e-2', type: 'status', data: '{}' },
]

test.each([1, 2, 3, 7, 1000])('finds whole events in pieces of %i characters', (size) => {
  const splitter = new SseSplitter()
  const pieces = STREAM.match(new RegExp(`.{1,${size}}`, 'gs')) ?? []
  expect(pieces.flatMap((piece) => splitter.push(piece))).toEqual(EVENTS)
})

test('reads lines that end in CR LF, wherever the pieces part', () => {
  const splitter = new SseSplitter()
  const text = STREAM.replaceAll('\n', '\r\n')
  expect([...text].flatMap((character) => splitter.push(character))).toEqual(EVENTS)
})

test('keeps what is cut off to itself', () => {
  expect(new SseSplitter().push('id: 7\nevent: alert\ndata: {"half')).toEqual([])
})

test('writes what it reads', () => {
  expect(new SseSplitter().push(EVENTS.map(formatEvent).join(''))).toEqual(EVENTS)
})

test('refuses an event without an end', () => {
  const splitter = new SseSplitter()
  expect(() => splitter.push(`data: ${'x'.repeat(5 * 1024 * 1024)}`)).toThrow('too long')
})
