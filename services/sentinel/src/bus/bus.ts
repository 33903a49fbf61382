/**
 * What the doorbell rings for. Rows in the database say what there is to do; a lost ring loses nothing. `chats`: the list of chats was
 * read; `redis`: Redis is up, and may have been started anew.
 */
export type Ring = 'messages' | 'events' | 'deliveries' | 'chats' | 'redis'

/** A limit that is reached: nothing of that kind is done before its end. */
export interface RateLimit {
  action: string
  wait_seconds: number
  wait_until: string
}

/** What is kept for programs that read it without asking (TELEGRAM section 2). */
export type SharedName = 'cached_channels' | 'cached_users' | 'cache_ready' | 'user_info'

/** What other processes are told of the worker (TELEGRAM section 2). Never a text, a code or a key. */
export interface WorkerStatus {
  authorized: boolean
  connected: boolean
  status: string
  user_id: number | null
  session_generation: number
  /** The one that ends last. */
  rate_limit?: RateLimit
  rate_limits?: RateLimit[]
}

export interface SessionEvent {
  event: 'session_imported' | 'session_authorized' | 'session_logout'
  generation: number
  user_id?: number
}

/** What another program asks for (TELEGRAM section 2): a sign-in step, or a request by type and id. */
export interface DelegatedRequest {
  kind: 'auth' | 'request'
  /** Of a request; `auth` otherwise. */
  type: string
  payload: Record<string, unknown>
}

/** Answers a request; what it resolves with goes to the asking program as JSON. It never rejects. */
export type DelegationHandler = (request: DelegatedRequest) => Promise<Record<string, unknown>>

/** A doorbell in this process, and where there is Redis, word to other programs. No call waits or throws for Redis. */
export interface Bus {
  readonly state: 'off' | 'up' | 'down'
  ring(ring: Ring): void
  onRing(ring: Ring, listener: () => void): () => void
  /** Kept for 60 s, refreshed by the caller. */
  publishWorkerStatus(status: WorkerStatus): void
  publishSessionEvent(event: SessionEvent): void
  /** Tells other programs that an alert exists: its id, never its text. */
  publishAlert(id: number): void
  /** Keeps a value for other programs for so many seconds; null takes it away. */
  share(name: SharedName, value: unknown, ttlS: number): void
  /** Counts an attempt under `tgsentinel:rate_limit:{action}`, for a window of so many seconds. */
  countAttempt(action: string, windowS: number): void
  /** Takes requests of other programs from now on. */
  serve(handler: DelegationHandler): void
  close(): Promise<void>
}
