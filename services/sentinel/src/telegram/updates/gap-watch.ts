import type { Boxes } from './boxes'

/** How long a gap may fill by itself (core.telegram.org/api/updates#recovering-gaps). */
const GAP_WAIT_MS = 500

/** Waits a moment for what is missing in a box, which may merely be late, before somebody has to ask for it. */
export class GapWatch {
  private readonly sinceMs = new Map<number, number>()
  private timer: NodeJS.Timeout | undefined
  private isOver = false

  /** `onGap` is told of each box that still has its gap. */
  constructor(
    private readonly boxes: Pick<Boxes, 'suspects' | 'hasGap'>,
    private readonly onGap: (box: number) => void,
  ) {}

  /** Takes over the boxes that held something back. */
  notice(): void {
    const { suspects } = this.boxes
    if (suspects.size === 0 || this.isOver) return
    for (const box of suspects) if (!this.sinceMs.has(box)) this.sinceMs.set(box, performance.now())
    suspects.clear()
    this.timer ??= setTimeout(() => this.look(), GAP_WAIT_MS).unref()
  }

  close(): void {
    this.isOver = true
    clearTimeout(this.timer)
  }

  private look(): void {
    const nowMs = performance.now()
    const due = [...this.sinceMs].filter(([, sinceMs]) => nowMs - sinceMs >= GAP_WAIT_MS).map(([box]) => box)
    for (const box of due) this.sinceMs.delete(box)
    const oldestMs = Math.min(...this.sinceMs.values())
    const waitMs = Math.max(1, oldestMs + GAP_WAIT_MS - nowMs)
    this.timer = this.sinceMs.size > 0 ? setTimeout(() => this.look(), waitMs).unref() : undefined
    for (const box of due) if (this.boxes.hasGap(box)) this.onGap(box)
  }
}
