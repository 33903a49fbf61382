import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { SentinelProcess } from '../support/sentinel-process'
import { ask, exported } from '../support/settings-client'
import { makeTemporaryFolder, removeFolder } from '../support/temporary-folder'

const opened: SentinelProcess[] = []
const folders: string[] = []

async function open(env: Record<string, string>, dataDir?: string): Promise<SentinelProcess> {
  const sentinel = await SentinelProcess.start({ env, ...(dataDir && { dataDir }) })
  opened.push(sentinel)
  return sentinel
}

function newFolder(): string {
  const folder = makeTemporaryFolder()
  folders.push(folder)
  return folder
}

afterAll(async () => {
  await Promise.all(opened.map((sentinel) => sentinel.stop().catch(() => undefined)))
  for (const folder of folders) removeFolder(folder)
})

describe('the settings file at the start', () => {
  it('is put in force once, again when it is another, and a bad one stops nothing', async () => {
    const [config, data] = [newFolder(), newFolder()]
    const path = join(config, 'tgsentinel.yml')
    const write = (content: string) => writeFileSync(path, content)
    const start = () => open({ CONFIG_DIR: config }, data)
    const state = async (sentinel: SentinelProcess) => (await sentinel.api.status()).settings_file

    write('version: 1\ntime_zone: Europe/Berlin\nprofiles: [{ name: From the file }]\n')
    const first = await start()
    expect(await state(first)).toMatchObject({ path, state: 'applied', message: 'In force: 1 new, 1 changed.' })
    expect(first.output).toMatch(/"create":\{"profile":1\}.*"msg":"settings file applied"/)
    expect((await exported(first)).time_zone).toBe('Europe/Berlin')
    await ask(first, 'PUT', '/api/time-zone', { time_zone: 'UTC' })
    await first.stop()

    const second = await start()
    expect(await state(second)).toMatchObject({ state: 'unchanged' })
    expect((await exported(second)).time_zone).toBe('UTC')
    await second.stop()

    write('version: 1\ntime_zone: Asia/Tokyo\nprofiles: [{ name: From the file, min_score: -1 }]\n')
    const third = await start()
    const reason = 'profiles.0.min_score must be at least 0.'
    expect(await state(third)).toEqual({ path, state: 'refused', message: reason })
    expect(third.output).toMatch(/"level":"error"[^\n]*profiles\.0\.min_score[^\n]*the settings file was refused/)
    expect((await exported(third)).time_zone).toBe('UTC')
    const { body } = await third.api.request<{ data: { settings_file: unknown } }>('GET', '/api/status', {
      token: null,
    })
    expect(body.data.settings_file).toBeNull()
  })

  it('may be JSON; without one nothing is said', async () => {
    const config = newFolder()
    const without = await open({ CONFIG_DIR: config })
    expect((await without.api.status()).settings_file).toBeNull()
    writeFileSync(join(config, 'tgsentinel.json'), '{"version":1,"dictionary":{"groups":[["a","b"]]}}')
    const withJson = await open({ CONFIG_DIR: config })
    expect((await exported(withJson)).dictionary).toEqual({ groups: [['a', 'b']] })
    mkdirSync(join(config, 'tgsentinel.yml'))
    const withFolder = await open({ CONFIG_DIR: config })
    expect((await withFolder.api.status()).settings_file).toMatchObject({
      state: 'refused',
      message: expect.stringContaining('EISDIR'),
    })
  })
})
