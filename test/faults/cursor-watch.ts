import type { World } from '../telegram-server/world/world'
import type { MortalSentinel } from './mortal-sentinel'
import { readCursors } from './stored'

const EVERY_MS = 100

/** Looks at the cursors of sentinels, dead or alive, again and again: none may go back, or be ahead of Telegram. */
export class CursorWatch {
  readonly differences: string[] = []
  looks = 0
  private readonly last = new Map<string, number>()
  private timer: NodeJS.Timeout | undefined

  constructor(
    private readonly sentinels: MortalSentinel[],
    private readonly world: World,
  ) {}

  begin(): void {
    this.timer = setInterval(() => this.sentinels.forEach((sentinel) => this.look(sentinel)), EVERY_MS)
  }

  close(): void {
    clearInterval(this.timer)
  }

  private look({ account, databasePath }: MortalSentinel): void {
    try {
      for (const { box, pts } of readCursors(databasePath)) this.judge(account, box, pts)
      this.looks += 1
    } catch (error) {
      // While it is recovered from a crash nobody else may read it.
      if (!/busy|locked|readonly/i.test(String(error))) throw error
    }
  }

  private judge(account: number, box: number, pts: number): void {
    const key = `${account} ${box}`
    const before = this.last.get(key) ?? 0
    if (pts < before)
      this.differences.push(`account ${account} box ${box}: the cursor went back from ${before} to ${pts}`)
    const present = this.ptsOf(account, box)
    if (pts > present)
      this.differences.push(`account ${account} box ${box}: the cursor is ${pts}, Telegram at ${present}`)
    this.last.set(key, pts)
  }

  private ptsOf(account: number, box: number): number {
    return box === 0 ? this.world.accountOf(account).box.pts : (this.world.channels.get(box)?.box.pts ?? 0)
  }
}
