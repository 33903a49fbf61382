import { MAX_SESSION_BYTES } from './size-limit'
import { decodeSessionBase64, MAX_SESSION_BASE64_CHARACTERS } from './session-base64'

test.each(['', 'AA==', 'AAE=', 'AAEC', '+/+/'])('decodes %j', (text) => {
  expect(decodeSessionBase64(text).toString('base64')).toBe(text)
})

test.each(['A', 'AA', 'AA=', 'AAE', 'A===', 'AB==', 'AAF=', 'AA==AA==', 'AA EC', 'AAEC\n', '-_-_', 'AAé='])(
  'refuses %j',
  (text) => {
    expect(() => decodeSessionBase64(text)).toThrow(expect.objectContaining({ reason: 'base64' }))
  },
)

test('takes the largest file and refuses one group more', () => {
  const text = Buffer.alloc(MAX_SESSION_BYTES, 1).toString('base64')
  expect(text).toHaveLength(13_981_016)
  expect(text).toHaveLength(MAX_SESSION_BASE64_CHARACTERS)
  expect(decodeSessionBase64(text)).toHaveLength(MAX_SESSION_BYTES)
  expect(() => decodeSessionBase64(`${text}AAAA`)).toThrow(expect.objectContaining({ reason: 'too-large' }))
})
