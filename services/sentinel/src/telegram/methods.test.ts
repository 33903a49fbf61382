import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { Api } from './gramjs'
import { isAllowedMethod, METHODS } from './methods'

/** MTProto's own conversation, which asks nothing of Telegram's API. */
const OF_THE_PROTOCOL = ['PingDelayDisconnect']

const sources = readdirSync(__dirname, { recursive: true, encoding: 'utf8' })
  .filter((name) => name.endsWith('.ts') && !name.endsWith('.test.ts'))
  .map((name) => readFileSync(join(__dirname, name), 'utf8'))

/** Requests that the code makes, by the names of their classes; `new Api.User` and the like are no requests. */
const requested = sources
  .flatMap((text) =>
    [...text.matchAll(/(?:new Api\.([\w.]+)\(|requestOf\('([\w.]+)')/g)].map((match) => match[1] ?? match[2] ?? ''),
  )
  .filter((name) => classAt(name)?.classType === 'request' && !OF_THE_PROTOCOL.includes(name))

function classAt(name: string): { classType?: string } | undefined {
  const found = name
    .split('.')
    .reduce<unknown>((scope, part) => (scope as Record<string, unknown> | undefined)?.[part], Api)
  return found as { classType?: string } | undefined
}

describe('the methods of Telegram', () => {
  it('that the code calls are all on the list, and the list names no other', () => {
    const listed = [...new Set(Object.values(METHODS).flat() as string[])]
    expect([...new Set(requested)].sort()).toEqual(listed.sort())
  })

  it.each([
    'messages.DeleteHistory',
    'messages.ReadHistory',
    'messages.EditMessage',
    'account.DeleteAccount',
    'account.UpdatePasswordSettings',
    'auth.SignUp',
    'auth.AcceptLoginToken',
    'auth.ResetAuthorizations',
    'channels.LeaveChannel',
    'contacts.ImportContacts',
  ])('%s is not on it', (name) => expect(isAllowedMethod(name)).toBe(false))
})
