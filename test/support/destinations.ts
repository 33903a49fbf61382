import type { components } from '../../openapi/generated/sentinel'
import type { SentinelApi } from './sentinel-api'
import { until } from './until'

type Schemas = components['schemas']
export type Destination = Schemas['Destination']
export type DestinationDraft = Schemas['DestinationDraft']
export type Delivery = Schemas['Delivery']

/** Where a sentinel tells, as a test asks about it; every call has to succeed. */
export class DestinationsClient {
  constructor(private readonly api: () => SentinelApi) {}

  create(draft: DestinationDraft): Promise<Destination> {
    return this.take('POST', '/api/destinations', draft)
  }

  get(id: number): Promise<Destination> {
    return this.take('GET', `/api/destinations/${id}`)
  }

  replace(id: number, draft: DestinationDraft): Promise<Destination> {
    return this.take('PUT', `/api/destinations/${id}`, draft)
  }

  test(id: number, draft: Schemas['DestinationTestDraft'] = {}): Promise<Schemas['DestinationTest']> {
    return this.take('POST', `/api/destinations/${id}/test`, draft)
  }

  /** The newest first. */
  async deliveries(destination?: number): Promise<Delivery[]> {
    const query = destination === undefined ? '' : `?destination=${destination}`
    return (await this.take<{ deliveries: Delivery[] }>('GET', `/api/deliveries${query}`)).deliveries
  }

  /** Waits until everything at a destination has come to this. */
  async settled(destination: number, count: number, state: Delivery['state'] = 'sent'): Promise<Delivery[]> {
    return until(
      `${count} deliveries to be ${state}`,
      async () => {
        const found = await this.deliveries(destination)
        return found.length === count && found.every((one) => one.state === state) && found
      },
      40_000,
    )
  }

  async take<T>(method: string, path: string, json?: object): Promise<T> {
    const reply = await this.api().request<{ data: T }>(method, path, json ? { json } : {})
    if (reply.status >= 300) throw new Error(`${method} ${path} -> ${reply.status} ${JSON.stringify(reply.body)}`)
    return reply.body.data
  }
}
