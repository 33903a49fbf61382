import { deepLink, messageLink, type Linkable } from './message-link'

type Chat = Linkable['chat']

const PUBLIC: Chat = { id: '-1001234567890', kind: 'supergroup', username: 'team' }
const CLOSED: Chat = { ...PUBLIC, username: null }
const NEWS: Chat = { id: '-1000000000005', kind: 'channel', username: 'newswire' }
const MARA: Chat = { id: '5', kind: 'private', username: 'mara' }
const NOOR: Chat = { id: '6', kind: 'private', username: null }
const BOT: Chat = { id: '7', kind: 'bot', username: 'buildbot' }
const FAMILY: Chat = { id: '-42', kind: 'group', username: null }

test.each<[what: string, chat: Chat, topicId: number | null, message: string | null, deep: string | null]>([
  ['a public channel', NEWS, null, 'https://t.me/newswire/77', 'https://t.me/newswire/77'],
  ['a private channel', { ...NEWS, username: null }, null, 'https://t.me/c/5/77', 'https://t.me/c/5/77'],
  ['a public supergroup', PUBLIC, null, 'https://t.me/team/77', 'https://t.me/team/77'],
  ['a private supergroup', CLOSED, null, 'https://t.me/c/1234567890/77', 'https://t.me/c/1234567890/77'],
  ['a topic of a public forum', PUBLIC, 3, 'https://t.me/team/3/77', 'https://t.me/team/3/77'],
  ['a topic of a private forum', CLOSED, 3, 'https://t.me/c/1234567890/3/77', 'https://t.me/c/1234567890/3/77'],
  ['the message that opens a topic', CLOSED, 77, 'https://t.me/c/1234567890/77', 'https://t.me/c/1234567890/77'],
  ['somebody with a name', MARA, null, null, 'https://t.me/mara'],
  ['somebody without one', NOOR, null, null, 'tg://user?id=6'],
  ['a bot', BOT, null, null, 'https://t.me/buildbot'],
  ['a basic group', FAMILY, null, null, null],
])('%s', (_what, chat, topicId, message, deep) => {
  expect(messageLink({ chat, messageId: 77, topicId })).toBe(message)
  expect(deepLink({ chat, messageId: 77, topicId })).toBe(deep)
})
