import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { ConfigError, isLoopback, port, readEnvironment, secretText, sqliteUri } from './environment'

const SHAPE = { PORT: port(80), URI: sqliteUri('sqlite:///data/a.db'), KEY: secretText(8) }

function problemsOf(env: NodeJS.ProcessEnv): readonly string[] {
  try {
    readEnvironment(SHAPE, env, ['KEY'])
  } catch (error) {
    if (error instanceof ConfigError) return error.problems
    throw error
  }
  return []
}

describe('the environment', () => {
  it('has defaults where a variable is absent or empty', () => {
    const defaults = { PORT: 80, URI: 'data/a.db', KEY: undefined }
    expect(readEnvironment(SHAPE, {})).toEqual(defaults)
    expect(readEnvironment(SHAPE, { PORT: '', URI: '', KEY: '' })).toEqual(defaults)
  })

  it('reads what is given', () => {
    const env = { PORT: '0', URI: 'sqlite:////var/a.db', KEY: 'long enough' }
    expect(readEnvironment(SHAPE, env)).toEqual({ PORT: 0, URI: '/var/a.db', KEY: 'long enough' })
  })

  it('names every problem at once, and no secret', () => {
    const problems = problemsOf({ PORT: '65536', URI: 'postgres://x', KEY: 'short' })
    expect(problems).toHaveLength(3)
    expect(problems.join()).not.toContain('short')
  })

  it('names what does not go together along with what is malformed', () => {
    const contradictions = (values: { KEY: string | undefined }) => (values.KEY ? [] : ['KEY is needed here'])
    expect(() => readEnvironment(SHAPE, { PORT: 'x' }, ['KEY'], contradictions)).toThrow(/PORT[\s\S]*KEY is needed/)
    expect(() => readEnvironment(SHAPE, { KEY: 'short' }, ['KEY'], contradictions)).not.toThrow(/is needed/)
  })

  it.each(['x', '-1', '1.5', '99999', ' 80'])('refuses the port %j', (text) => {
    expect(problemsOf({ PORT: text })).toHaveLength(1)
  })

  it('takes a secret from a file, and says when it cannot or when both are there', () => {
    const folder = mkdtempSync(join(tmpdir(), 'tgsentinel-env-'))
    const file = join(folder, 'key')
    writeFileSync(file, 'from the file\n')
    expect(readEnvironment(SHAPE, { KEY_FILE: file }, ['KEY']).KEY).toBe('from the file')
    expect(problemsOf({ KEY_FILE: file, KEY: 'and the variable' })).toHaveLength(1)
    expect(problemsOf({ KEY_FILE: join(folder, 'none') })).toEqual(['KEY_FILE: the file cannot be read'])
    expect(readEnvironment(SHAPE, { KEY_FILE: '/dev/null', KEY: 'the variable' }, ['KEY']).KEY).toBe('the variable')
    rmSync(folder, { recursive: true })
  })

  it.each([
    ['127.0.0.1', true],
    ['127.8.8.8', true],
    ['::1', true],
    ['localhost', true],
    ['0.0.0.0', false],
    ['192.168.1.1', false],
    ['127.0.0.1.evil.example', false],
  ])('%s is loopback: %s', (host, expected) => {
    expect(isLoopback(host)).toBe(expected)
  })
})
