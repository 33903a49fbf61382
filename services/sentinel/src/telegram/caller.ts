import type { CallOptions } from './call-queue'
import type { Connection } from './connection'

/** Whoever makes calls on the session in force: each takes its turn in the queue, and fails with an ApiError. */
export interface Caller {
  call<T>(options: CallOptions, work: (connection: Connection, signal: AbortSignal) => Promise<T>): Promise<T>
}

/** What a call is made with: who waits for it, and until when. */
export type CallerOptions = Omit<CallOptions, 'method' | 'scope'>
