import { join } from 'node:path'
import { TestProcess } from './child-process'
import { ROOT, TOKEN } from './sentinel-process'
import { makeTemporaryFolder, removeFolder } from './temporary-folder'

export const PASSWORD = 'correct horse battery'

/** The ui as it is shipped: the bundle, in a process of its own, on a free loopback port. */
export class UiProcess extends TestProcess {
  readonly dataDir: string
  port = 0

  private constructor(sentinelUrl: string, env: Record<string, string>, dataDir: string) {
    const own = {
      DATA_DIR: dataDir,
      UI_PORT: '0',
      SENTINEL_API_BASE_URL: `${sentinelUrl}/api`,
      SENTINEL_API_TOKEN: TOKEN,
    }
    const args = [join(ROOT, 'services/ui/dist/main.js')]
    super(process.execPath, args, { PATH: process.env.PATH, ...own, ...env }, ROOT)
    this.dataDir = dataDir
  }

  /** Resolves once it listens. */
  static async start(sentinelUrl: string, env: Record<string, string> = {}): Promise<UiProcess> {
    const ui = new UiProcess(sentinelUrl, env, makeTemporaryFolder())
    const listening = await ui.said(/"port":(\d+).*"msg":"listening"/)
    ui.port = Number(listening[1])
    return ui
  }

  get baseUrl(): string {
    return `http://127.0.0.1:${this.port}/`
  }

  async stop(): Promise<void> {
    this.kill('SIGTERM')
    await this.exited
    removeFolder(this.dataDir)
  }
}
