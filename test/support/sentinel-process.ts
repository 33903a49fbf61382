import { join } from 'node:path'
import { fetchAgain } from './fetch-again'
import { SentinelApi } from './sentinel-api'
import { TestProcess, type ProcessEnd } from './child-process'
import { makeTemporaryFolder, removeFolder } from './temporary-folder'
import { until } from './until'

export const ROOT = join(__dirname, '../..')
export const SENTINEL_MAIN = join(ROOT, 'services/sentinel/dist/main.js')
export const TOKEN = 'a-token-for-tests-only'

export interface SentinelOptions {
  /** Kept afterwards when given; otherwise a folder of its own that goes with the process. */
  dataDir?: string
  env?: Record<string, string>
  /** A script for `node --require`. */
  preload?: string
  /** False: no SENTINEL_API_TOKEN. */
  withToken?: boolean
}

/** The sentinel as it is shipped: the bundle, in a process of its own, on a free loopback port. */
export class SentinelProcess extends TestProcess {
  readonly dataDir: string
  readonly token: string | undefined
  api!: SentinelApi
  port = 0
  private readonly ownsFolder: boolean

  private constructor({ dataDir, env = {}, preload, withToken = true }: SentinelOptions) {
    const folder = dataDir ?? makeTemporaryFolder()
    const token = withToken ? TOKEN : undefined
    const own = { DATA_DIR: folder, SENTINEL_API_PORT: '0', ...(token ? { SENTINEL_API_TOKEN: token } : {}) }
    const args = [...(preload ? ['--require', preload] : []), SENTINEL_MAIN]
    super(process.execPath, args, { PATH: process.env.PATH, ...own, ...env }, ROOT)
    this.dataDir = folder
    this.token = token
    this.ownsFolder = dataDir === undefined
  }

  /** Resolves once `GET /api/health` answers. */
  static async start(options: SentinelOptions = {}): Promise<SentinelProcess> {
    const sentinel = SentinelProcess.spawn(options)
    const listening = await sentinel.said(/"port":(\d+),"msg":"HTTP API listening"/)
    sentinel.port = Number(listening[1])
    sentinel.api = new SentinelApi(sentinel.baseUrl, sentinel.token)
    await until(
      'the health of the sentinel',
      async () => (await sentinel.api.request('GET', '/api/health')).status === 200,
    )
    return sentinel
  }

  /** For starts that are to fail: nobody waits for it to listen. */
  static spawn(options: SentinelOptions = {}): SentinelProcess {
    return new SentinelProcess(options)
  }

  get baseUrl(): string {
    return `http://127.0.0.1:${this.port}`
  }

  /** In Prometheus' text format. */
  async metrics(): Promise<string> {
    const headers = { Authorization: `Bearer ${this.token}` }
    return (await fetchAgain(`${this.baseUrl}/metrics`, { headers })).text()
  }

  get databasePath(): string {
    return join(this.dataDir, 'sentinel', 'sentinel.db')
  }

  get sessionPath(): string {
    return join(this.dataDir, 'sentinel', 'tgsentinel.session')
  }

  /** Ends it as an operator would; what does not end within twenty seconds is killed and an error. */
  async stop(): Promise<ProcessEnd> {
    this.kill('SIGTERM')
    const timer = setTimeout(() => this.kill('SIGKILL'), 20_000)
    const end = await this.exited
    clearTimeout(timer)
    if (this.ownsFolder) removeFolder(this.dataDir)
    if (end.signal === 'SIGKILL') throw new Error(`The sentinel did not stop: ${this.output.slice(-2000)}`)
    return end
  }

  /** Pulls the plug. */
  async crash(): Promise<void> {
    this.kill('SIGKILL')
    await this.exited
  }
}
