import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { Redis } from 'ioredis'
import { TestProcess } from './child-process'
import { freePort } from './free-port'
import { makeTemporaryFolder, removeFolder } from './temporary-folder'

/** A real redis-server on loopback that keeps nothing; it can be killed and started again on its port. */
export class RedisProcess {
  private readonly folder = makeTemporaryFolder()
  private process: TestProcess | undefined
  private clients: Redis[] = []

  private constructor(
    readonly port: number,
    private readonly settings: readonly string[],
  ) {}

  /** `settings`: further options of redis-server. */
  static async start(...settings: string[]): Promise<RedisProcess> {
    const redis = new RedisProcess(await freePort(), settings)
    await redis.start()
    return redis
  }

  async start(): Promise<void> {
    const options = [
      '--port',
      String(this.port),
      '--bind',
      '127.0.0.1',
      '--save',
      '',
      '--appendonly',
      'no',
      ...this.settings,
    ]
    const env = { PATH: process.env.PATH }
    this.process = new TestProcess('redis-server', [...options, '--dir', this.folder], env, this.folder)
    await this.process.said(/Ready to accept connections/)
  }

  async crash(): Promise<void> {
    this.process?.kill('SIGKILL')
    await this.process?.exited
  }

  get env(): Record<string, string> {
    return { REDIS_HOST: '127.0.0.1', REDIS_PORT: String(this.port) }
  }

  /** What redis-cli says: no library, no knowledge of ours. */
  async cli(...args: string[]): Promise<string> {
    const { stdout } = await promisify(execFile)('redis-cli', ['-p', String(this.port), ...args])
    return stdout.trim()
  }

  client(): Redis {
    const client = new Redis({ host: '127.0.0.1', port: this.port, retryStrategy: () => 50 })
    client.on('error', () => undefined)
    this.clients.push(client)
    return client
  }

  async close(): Promise<void> {
    for (const client of this.clients) client.disconnect()
    await this.crash()
    removeFolder(this.folder)
  }
}
