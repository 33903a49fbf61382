import { SentinelProcess, TOKEN } from '../support/sentinel-process'
import { PASSWORD, UiProcess } from '../support/ui-process'
import { UiClient, type UiReply } from './ui-client'
import { Tap } from './ui-tap'

/** Both services as they are shipped, with a tap between them and a browser that is signed in. */
export class UiStage {
  private sentBefore = 0

  private constructor(
    readonly sentinel: SentinelProcess,
    readonly tap: Tap,
    readonly ui: UiProcess,
    readonly client: UiClient,
  ) {}

  static async open(env: Record<string, string> = {}): Promise<UiStage> {
    return UiStage.before(await SentinelProcess.start({ env }))
  }

  /** A ui and its browser in front of a sentinel that is there; `close` ends that as well. */
  static async before(sentinel: SentinelProcess): Promise<UiStage> {
    const tap = await Tap.open(sentinel.port)
    const ui = await UiProcess.start(tap.url)
    const client = new UiClient(ui.port, TOKEN)
    client.cookie = await client.signIn('/api/auth/setup', PASSWORD)
    return new UiStage(sentinel, tap, ui, client)
  }

  /** What no request must do: end a service, break it, make it log an error, or reach the sentinel undocumented. */
  async expectUnharmed(): Promise<void> {
    if (this.client.sent === this.sentBefore) return
    for (const { end, output } of [this.ui, this.sentinel]) {
      if (end) throw new Error(`A service went down: ${output.slice(-3000)}`)
      expect(output).not.toMatch(/"level":"(error|fatal)"/)
    }
    expect((await this.client.send('GET', '/api/health')).status).toBe(200)
    expect((await this.client.owner('GET', '/api/status')).status).toBe(200)
    expect(this.tap.problems()).toEqual([])
    this.sentBefore = this.client.sent
  }

  async close(): Promise<void> {
    await this.ui.stop()
    await this.sentinel.stop()
    await this.tap.close()
  }
}

export function verdictOf({ status, body }: UiReply): [number, string | undefined] {
  return [status, body.code]
}
