/**
 * A signal that aborts with a TimeoutError after some time, or with any of its parents. A timer of its own holds it:
 * AbortSignal.timeout within AbortSignal.any may be collected as garbage before it fires on Node 20.
 */
export class Deadline {
  readonly signal: AbortSignal
  private readonly controller = new AbortController()
  private readonly timer: NodeJS.Timeout

  constructor(
    ms: number,
    private readonly parents: readonly AbortSignal[],
  ) {
    this.signal = this.controller.signal
    this.timer = setTimeout(() => this.controller.abort(new DOMException('not in time', 'TimeoutError')), ms)
    for (const parent of parents) {
      if (parent.aborted) this.controller.abort(parent.reason)
      else parent.addEventListener('abort', this.follow)
    }
  }

  get isOver(): boolean {
    return (this.signal.reason as Error | undefined)?.name === 'TimeoutError'
  }

  /** What it guarded is done. */
  end(): void {
    clearTimeout(this.timer)
    for (const parent of this.parents) parent.removeEventListener('abort', this.follow)
  }

  private readonly follow = (event: Event): void => this.controller.abort((event.target as AbortSignal).reason)
}
