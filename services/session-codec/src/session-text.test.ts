import { foreignBytes, foreignText } from '../test/foreign-fixtures'
import { checkSessionFile } from './session-codec'
import { parseSessionString } from './session-string'
import { detectSessionText, type SessionTextKind } from './session-text'

const made: [SessionTextKind, string, RegExp][] = [
  ['empty', ' \n', /no text.*Paste/],
  ['bot-token', '110201543:AAHdqTcvCH1vGWJxfSeofSAs0K5PALDsaw_', /token of a bot/],
  ['phone-number', '+1 (555) 000-11-22', /phone number\. Sign in/],
  ['sign-in-code', '12345', /sign-in code/],
  ['api-hash', '0123456789abcdef0123456789abcdef', /api_hash/],
  ['bare-key', `2:${'ab'.repeat(256)}`, /bare authorization key/],
  ['json', '{"dc": 2, "dc2_auth_key": "ab"}', /JSON/],
  ['json', ` [${'1,'.repeat(9000)}1]`, /JSON/],
  ['link', 'tg://login?token=abc', /link/],
  ['link', 'https://t.me/durov', /link/],
  ['telegram-desktop', 'C:\\Telegram Desktop\\tdata\\key_datas', /tdata.*QR code/],
  ['telegram-desktop', 'tdata', /Telegram Desktop/],
  ['telegram-desktop', Buffer.from('TDF$ and more of it').toString('base64'), /Telegram Desktop/],
  ['base64-file', foreignBytes('pyrogram-v3').toString('base64'), /Upload the \.session file/],
  ['base64-file', Buffer.from('SQLite format 3\0').toString('base64'), /Upload the \.session file/],
  ['file-name', '/home/ada/my account.session', /Upload the file/],
  ['too-long', 'A'.repeat(5000), /longer than any/],
  ['unknown', 'hello there', /not a session string/],
  ['unknown', '☃'.repeat(353), /not a session string/],
  ['unknown', 'Z'.repeat(353), /not a session string/],
]

test.each(made)('%s: %.40s', (kind, text, sentence) => {
  expect(detectSessionText(text)).toBe(kind)
  expect(() => parseSessionString(text, { dataCentres: [] })).toThrow(
    expect.objectContaining({ name: 'InvalidSessionFile', message: expect.stringMatching(sentence) as string }),
  )
})

const STRING = foreignText('telethon-ipv4').trim()
const LINES = STRING.replace(/.{76}/g, '$&\n')

test.each([
  ['an assignment', `SESSION_STRING=${STRING}`],
  ['an export in quotes', `export SESSION="${STRING}"`],
  ['a line of Python', `client = TelegramClient(StringSession('${STRING}'), 1, "0123456789abcdef0123456789abcdef")`],
  ['a file of settings', `API_ID=123\nAPI_HASH=0123456789abcdef0123456789abcdef\nSESSION=${STRING}\nLOG_LEVEL=info\n`],
  ['curly quotes', `\u201c${STRING}\u201d`],
  ['angle quotes and a full stop', `\u00ab${STRING}\u00bb.`],
  ['a fence', `\`\`\`\n${STRING}\n\`\`\``],
  ['a label', `Your session string: ${STRING}`],
  ['words alone', `here is my string ${STRING} keep it`],
  ['trailing dots', `${STRING}...`],
  ['a space of width zero at its end', `${STRING}\u200b`],
  ['invisible characters within', `\ufeff${STRING.slice(0, 90)}\u00ad${STRING.slice(90)}`],
  ['lines of 76 letters', LINES],
  ['a label and lines of 76 letters', `SESSION=\n${LINES}\n`],
])('a string with %s around it is read', (_what, text) => {
  const wanted = parseSessionString(STRING, { dataCentres: [] })
  expect(parseSessionString(text, { dataCentres: [] })).toEqual(wanted)
})

test.each(['gramjs-ip', 'pyrogram-362', 'mtcute-default'])('%s is read from an assignment in quotes, too', (name) => {
  const string = foreignText(name).trim()
  const servers = { dataCentres: [] }
  expect(parseSessionString(`S = '${string}';`, servers)).toEqual(parseSessionString(string, servers))
})

test('two strings at once are none', () => {
  const two = `${STRING}\n${foreignText('telethon-ipv4-dc5-port-80')}`
  expect(() => parseSessionString(two, { dataCentres: [] })).toThrow('not a session string')
})

test('a token of a bot has the reason of a bot', () => {
  expect(() => parseSessionString(made[1]![1], { dataCentres: [] })).toThrow(expect.objectContaining({ reason: 'bot' }))
})

test.each([
  ['a session string', Buffer.from(foreignText('pyrogram-351')), /paste it as text/],
  ['a session string of more than 511 bytes', Buffer.from(foreignText('mtcute-ipv6').padEnd(600)), /paste it as text/],
  ['JSON', Buffer.from('{"session_file": "a", "phone": "1"}'), /JSON: upload the \.session file/],
  ['long JSON', Buffer.from(`{"a": "${'b'.repeat(90_000)}"}`), /JSON/],
  ['tdata', Buffer.concat([Buffer.from('TDF$'), Buffer.alloc(900, 1)]), /Telegram Desktop.*QR code/],
  [
    'zipped tdata',
    Buffer.concat([Buffer.from(`PK\x03\x04${'a'.repeat(26)}tdata/key_datas`), Buffer.alloc(600)]),
    /QR code/,
  ],
  [
    'another zip',
    Buffer.concat([Buffer.from('PK\x03\x04'), Buffer.alloc(600, 1)]),
    /zip archive: upload the \.session/,
  ],
  ['a file in base64', Buffer.from(foreignBytes('pyrogram-v3').toString('base64')), /not a SQLite database/],
  ['nothing known', Buffer.alloc(600, 7), /\(encrypted\?\)/],
])('an uploaded file that is %s is told so', (_, bytes, sentence) => {
  expect(() => checkSessionFile(bytes)).toThrow(sentence)
})
