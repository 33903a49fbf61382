import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import Database from '@tgsentinel/sqlite-driver'
import { createControlClient } from './control-client'
import type { StateReport } from './control/control'

describe('the data centre as a process', () => {
  it('names its ports, writes a session file, obeys its control port and ends when told to', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'telegram-server-'))
    const sessionPath = join(folder, 'account.session')
    const keyPath = join(folder, 'key.pem')
    const child = spawn(
      process.execPath,
      [
        ...['--import', 'tsx', join(__dirname, 'main.ts')],
        ...['--session-out', sessionPath, '--public-key-out', keyPath, '--dcs', '4,1'],
      ],
      {
        stdio: ['ignore', 'pipe', 'inherit'],
      },
    )
    try {
      const [line] = (await once(createInterface(child.stdout), 'line')) as [string]
      const { port, controlPort, ports, publicKey } = JSON.parse(line) as StateReport & { controlPort: number }
      expect(Object.keys(ports)).toEqual(['1', '4'])
      expect(readFileSync(keyPath, 'utf8')).toBe(publicKey.pkcs1)
      const control = createControlClient(controlPort)
      const account = await control.account()
      const { id } = await control.createUser({ firstName: 'Mara' })
      expect(await control.postMessage({ chat: id, text: 'hello' })).toEqual([
        { account: account.id, messageId: 1, pts: 2 },
      ])
      expect((await control.state()).port).toBe(port)
      await control.editMessage({ chat: id, messageId: 1, text: 'hello again', push: 'none' })
      await control.setRandomTrouble({ seed: 1, lose: 0.5, dropConnectionBytes: [2000, 3000] })
      await control.restart()
      expect(await control.truth()).toMatchObject({
        chats: [{ chat: id, messages: [{ text: 'hello again', edits: 1 }] }],
      })
      await expect(control.editMessage({ chat: id, messageId: 2, text: '' })).rejects.toThrow('No message 2')
      await expect(control.postMessage({ chat: 5, text: 'to nobody' })).rejects.toThrow('No user 5')

      const database = new Database(sessionPath, { readonly: true })
      const row = database.prepare('SELECT dc_id, server_address, port, auth_key FROM sessions').get()
      database.close()
      expect(row).toEqual({
        dc_id: 4,
        server_address: '127.0.0.1',
        port,
        auth_key: Buffer.from(account.authKey, 'hex'),
      })
    } finally {
      child.kill('SIGTERM')
      const [code] = (await once(child, 'exit')) as [number | null]
      rmSync(folder, { recursive: true })
      expect(code).toBe(0)
    }
  })
})
