import type { Listener } from './listener'

/** The listeners of all data centres, which share one world; the first is the home of accounts that name no other. */
export class DataCentres {
  constructor(private readonly listeners: [Listener, ...Listener[]]) {}

  get home(): number {
    return this.listeners[0].dc
  }

  get port(): number {
    return this.listeners[0].port
  }

  /** By data centre. */
  get ports(): Record<number, number> {
    return Object.fromEntries(this.listeners.map(({ dc, port }) => [dc, port]))
  }

  get connectionCount(): number {
    return this.listeners.reduce((sum, { connectionCount }) => sum + connectionCount, 0)
  }

  get packetCount(): number {
    return this.listeners.reduce((sum, { packetCount }) => sum + packetCount, 0)
  }

  portOf(dc: number): number {
    const port = this.ports[dc]
    if (port === undefined) throw new Error(`No data centre ${dc}`)
    return port
  }

  async listen(): Promise<void> {
    for (const listener of this.listeners) await listener.listen()
  }

  dropAll(): void {
    for (const listener of this.listeners) listener.dropAll()
  }

  async stop(): Promise<void> {
    await Promise.all(this.listeners.map((listener) => listener.stop()))
  }
}
