import { EventEmitter } from 'node:events'
import type { Bus, DelegationHandler, Ring, SessionEvent, SharedName, WorkerStatus } from './bus'

/** The bus of a process that has no Redis. */
export class MemoryBus implements Bus {
  private readonly emitter = new EventEmitter().setMaxListeners(0)

  get state(): 'off' | 'up' | 'down' {
    return 'off'
  }

  ring(ring: Ring): void {
    this.emitter.emit(ring)
  }

  onRing(ring: Ring, listener: () => void): () => void {
    this.emitter.on(ring, listener)
    return () => this.emitter.off(ring, listener)
  }

  publishWorkerStatus(_status: WorkerStatus): void {}

  publishSessionEvent(_event: SessionEvent): void {}

  publishAlert(_id: number): void {}

  share(_name: SharedName, _value: unknown, _ttlS: number): void {}

  countAttempt(_action: string, _windowS: number): void {}

  serve(_handler: DelegationHandler): void {}

  async close(): Promise<void> {
    this.emitter.removeAllListeners()
  }
}
