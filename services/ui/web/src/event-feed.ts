/** Names of the events that the server's stream has. */
const TYPES = [
  'alert',
  'alert_changed',
  'message_changed',
  'status',
  'profiles',
  'backtest',
  'sign_in',
  'chats',
  'retention',
  'maintenance',
  'backup',
  'delivery',
  'digest',
  'coverage',
  'upload',
  'sentinel',
  'reset',
] as const
const REOPEN_MS = 3000
/** A server that restarts is back before that. */
const LOST_MS = 4000

/** Beside the server's events: `server` (is it there?) and `refused` (it did not take us; perhaps nobody is signed in). */
export type Tell = (type: string, data: unknown) => void

/** The stream of events: the browser resumes it by itself; what it gives up on is opened anew. */
export class EventFeed {
  private source: EventSource | undefined
  private reopening: ReturnType<typeof setTimeout> | undefined
  private losing: ReturnType<typeof setTimeout> | undefined

  constructor(
    private readonly url: string,
    private readonly tell: Tell,
  ) {
    this.open()
  }

  close(): void {
    clearTimeout(this.reopening)
    clearTimeout(this.losing)
    this.source?.close()
  }

  private open(): void {
    const source = new EventSource(this.url)
    this.source = source
    for (const type of TYPES) {
      source.addEventListener(type, (event: MessageEvent<string>) => this.tell(type, JSON.parse(event.data)))
    }
    source.onopen = () => this.find()
    source.onerror = () => this.lose(source)
  }

  private find(): void {
    clearTimeout(this.losing)
    this.losing = undefined
    this.tell('server', { reachable: true })
  }

  private lose(source: EventSource): void {
    this.losing ??= setTimeout(() => this.tell('server', { reachable: false }), LOST_MS)
    if (source.readyState !== EventSource.CLOSED) return
    this.tell('refused', {})
    // A new source does not know where the last one stopped: its first event, `sentinel`, makes the page ask anew.
    this.reopening = setTimeout(() => this.open(), REOPEN_MS)
  }
}
