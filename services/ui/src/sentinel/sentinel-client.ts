import type { AxiosInstance, AxiosRequestConfig } from 'axios'
import { failure, isErrorCode, type SessionFormat, type Status } from '../model'
import { AddressCheck } from './address-check'
import { Deadline } from './deadline'
import { badReply, refusedToken, TIMEOUT_MS, toSentinelFailure } from './sentinel-failure'
import { sentinelHttp } from './sentinel-http'

export interface CallOptions {
  requestId: string
  signal: AbortSignal
}

type Envelope = { status: 'ok'; data: unknown } | { status: 'error'; code: string; message: string }

/** The operations of the sentinel that the ui itself calls. Failures are typed. */
export class SentinelClient {
  private readonly http: AxiosInstance

  constructor(
    baseUrl: string,
    token: string | undefined,
    private readonly timeoutMs = TIMEOUT_MS,
    private readonly address = new AddressCheck(baseUrl, token, timeoutMs),
  ) {
    this.http = sentinelHttp(baseUrl, token)
  }

  async getStatus(options: CallOptions): Promise<Status> {
    const status = (await this.call({ method: 'GET', url: '/status' }, options)) as Partial<Status> | null
    if (typeof status?.authorized !== 'boolean' || !Number.isInteger(status.session_generation)) throw badReply()
    return status as Status
  }

  /** Generation of the import. */
  async importSession(bytes: Buffer, format: SessionFormat, options: CallOptions): Promise<number> {
    const form = new FormData()
    form.append('format', format)
    form.append('session_file', new Blob([new Uint8Array(bytes)]), 'upload.session')
    const imported = await this.call({ method: 'POST', url: '/session/import', data: form }, options)
    const generation = (imported as { generation?: unknown } | null)?.generation
    if (!Number.isInteger(generation)) throw badReply()
    return generation as number
  }

  private async call(config: AxiosRequestConfig, { requestId, signal }: CallOptions): Promise<unknown> {
    const deadline = new Deadline(this.timeoutMs, [signal])
    const headers = { 'X-Request-Id': requestId }
    try {
      const reply = await this.http.request<string>({ ...config, headers, signal: deadline.signal })
      return unwrap(reply.status, parseEnvelope(reply.data))
    } catch (error) {
      throw await this.address.explain(toSentinelFailure(deadline.isOver ? deadline.signal.reason : error))
    } finally {
      deadline.end()
    }
  }
}

function unwrap(httpStatus: number, envelope: Envelope): unknown {
  if (httpStatus === 401) throw refusedToken()
  if (envelope.status === 'ok' && httpStatus < 300) return envelope.data
  // Its own mishap is no code of ours: whoever calls the ui did nothing wrong.
  if (envelope.status === 'ok' || envelope.code === 'INTERNAL' || !isErrorCode(envelope.code)) throw badReply()
  throw failure(envelope.code, envelope.message)
}

function parseEnvelope(text: string): Envelope {
  try {
    const value = JSON.parse(text) as Envelope | null
    if (value?.status === 'ok' && 'data' in value) return value
    if (value?.status === 'error' && typeof value.message === 'string') return value
  } catch {
    // Falls through: not JSON is no envelope either.
  }
  throw badReply()
}
