import { isWatched, withChat, withFolder } from '../web/src/chats/watch-rules'
import { countdown, initials, size } from '../web/src/format'
import { qrPath } from '../web/src/sign-in/qr-path'
import { isPyrogram, type UploadState } from '../web/src/upload-state'

test.each([
  [0, '0:00'],
  [42, '0:42'],
  [725, '12:05'],
  [11_400, '3 h 10 min'],
])('%i seconds are shown as %s', (seconds, shown) => {
  expect(countdown(seconds)).toBe(shown)
})

test.each([
  ['Team \u{1F6E0} Ωmega', 'TΩ'],
  ['releases', 'R'],
  ['!!!', ''],
])('of %s the letters are "%s"', (title, letters) => {
  expect(initials(title)).toBe(letters)
})

test('sizes are in KB, then in MB', () => {
  expect([size(1), size(28_672), size(1_500_000)]).toEqual(['1 KB', '28 KB', '1.4 MB'])
})

test('a QR code has a square for each dark module, and a white border', () => {
  const { size: modules, path } = qrPath('tg://login?token=AQIDBAUGBwgJCgsMDQ4P')
  expect(modules).toBeGreaterThan(21)
  expect(path).toMatch(/^M3 3h1v1h-1zM4 3h1v1h-1z/)
  expect(path).not.toMatch(/M[012] |M\d+ [012]h/)
})

describe('what is watched', () => {
  const rules = { mode: 'picked' as const, chats: ['1'], folders: [2], excluded: ['9'] }
  const chat = (id: string, ...folders: number[]) => ({ id, folders })

  test.each<[string, ReturnType<typeof chat>, boolean]>([
    ['a picked chat', chat('1'), true],
    ['a chat of a picked folder', chat('5', 2), true],
    ['an excluded chat of a picked folder', chat('9', 2), false],
    ['any other', chat('6', 3), false],
  ])('%s: rules decide', (_what, which, expected) => {
    expect(isWatched(rules, which)).toBe(expected)
    expect(isWatched({ ...rules, mode: 'all' }, which)).toBe(which.id !== '9')
  })

  test.each(['all', 'picked'] as const)('a chat is switched on and off, whatever the mode (%s)', (mode) => {
    for (const which of [chat('1'), chat('5', 2), chat('6'), chat('9', 2)]) {
      for (const shallWatch of [true, false]) {
        const next = withChat({ ...rules, mode }, which, shallWatch)
        expect(isWatched(next, which)).toBe(shallWatch)
        expect(isWatched(next, chat('7', 2))).toBe(true)
      }
    }
  })

  test('a chat that its folder watches again is not named by itself', () => {
    const off = withChat(rules, chat('5', 2), false)
    expect(off.excluded).toEqual(['9', '5'])
    expect(withChat(off, chat('5', 2), true)).toEqual(rules)
  })

  test('a folder is picked once', () => {
    expect(withFolder(withFolder(rules, 7, true), 7, true).folders).toEqual([2, 7])
    expect(withFolder(rules, 2, false).folders).toEqual([])
  })
})

test.each<[string, Partial<UploadState>, boolean]>([
  ['a file of Pyrogram', {}, true],
  ['one that was to be converted', { format: 'pyrogram' }, false],
  ['another refusal', { message: 'Missing required Telethon tables: sessions' }, false],
  ['what still goes on', { result: 'running' }, false],
])('%s: converting it is offered or not', (_what, part, expected) => {
  const refused: UploadState = {
    id: 'a',
    format: 'telethon',
    fileName: 'my.session',
    sentShare: 1,
    done: 0,
    message: 'Missing required Telethon tables: entities (this is a Pyrogram session; …)',
    code: 'INVALID_SESSION_FILE',
    generation: undefined,
    result: 'failed',
  }
  expect(isPyrogram({ ...refused, ...part })).toBe(expected)
})
