/** Acts at once when it is asked to; asked again within `pauseMs`, however often, it acts once more at the end of that. */
export class AtMostEvery {
  private timer: ReturnType<typeof setTimeout> | undefined
  private isAskedAgain = false

  constructor(
    private readonly pauseMs: number,
    private readonly act: () => void,
  ) {}

  readonly ask = (): void => {
    if (this.timer !== undefined) {
      this.isAskedAgain = true
      return
    }
    this.timer = setTimeout(() => this.settle(), this.pauseMs)
    this.act()
  }

  /** Idempotent: what was asked for meanwhile is not done any more. */
  close(): void {
    clearTimeout(this.timer)
    this.timer = undefined
    this.isAskedAgain = false
  }

  private settle(): void {
    this.timer = undefined
    if (!this.isAskedAgain) return
    this.isAskedAgain = false
    this.ask()
  }
}
