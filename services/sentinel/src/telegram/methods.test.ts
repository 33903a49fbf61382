import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { Api } from './gramjs'
import { isAllowedMethod, METHODS } from './methods'

const sources = readdirSync(__dirname)
  .filter((name) => name.endsWith('.ts') && !name.endsWith('.test.ts'))
  .map((name) => readFileSync(join(__dirname, name), 'utf8'))

/** Requests that the code makes, by the names of their classes; `new Api.User` and the like are no requests. */
const requested = sources
  .flatMap((text) => [...text.matchAll(/new Api\.([\w.]+)\(/g)].map((match) => match[1] ?? ''))
  .filter((name) => classAt(name)?.classType === 'request')

function classAt(name: string): { classType?: string } | undefined {
  const found = name
    .split('.')
    .reduce<unknown>((scope, part) => (scope as Record<string, unknown> | undefined)?.[part], Api)
  return found as { classType?: string } | undefined
}

describe('the methods of Telegram', () => {
  it('that the code calls are all on the list, and the list names no other', () => {
    expect([...new Set(requested)].sort()).toEqual(Object.values(METHODS).flat().sort())
  })

  it.each([
    'messages.SendMessage',
    'messages.DeleteHistory',
    'account.DeleteAccount',
    'auth.LogOut',
    'channels.LeaveChannel',
  ])('%s is not on it', (name) => expect(isAllowedMethod(name)).toBe(false))
})
