import type { AxiosInstance, AxiosRequestConfig, AxiosResponse } from 'axios'
import {
  failure,
  isErrorCode,
  type Alert,
  type Answered,
  type Digest,
  type DigestRun,
  type SessionFormat,
  type Stats,
  type Status,
  type TimeZone,
} from '../model'
import { AddressCheck } from './address-check'
import { Deadline } from './deadline'
import { badReply, refusedToken, TIMEOUT_MS, toSentinelFailure } from './sentinel-failure'
import { sentinelHttp } from './sentinel-http'

export interface CallOptions {
  requestId: string
  signal: AbortSignal
}

export interface AlertPage {
  alerts: Alert[]
  next_cursor: string | null
}

type Envelope = { status: 'ok'; data: unknown; message?: string } | { status: 'error'; code: string; message: string }

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
    const status = (await this.read('/status', options)) as Partial<Status> | null
    if (typeof status?.authorized !== 'boolean' || !Number.isInteger(status.session_generation)) throw badReply()
    return status as Status
  }

  /** A page of the newest alerts, or of those after `cursor`. */
  async listAlerts(limit: number, cursor: string | null, options: CallOptions): Promise<AlertPage> {
    const query = cursor === null ? '' : `&cursor=${cursor}`
    const page = (await this.read(`/alerts?limit=${limit}${query}`, options)) as Partial<AlertPage> | null
    if (!Array.isArray(page?.alerts)) throw badReply()
    return page as AlertPage
  }

  /** Of the last 24 hours, by hours. */
  async getStats(options: CallOptions): Promise<Stats> {
    const stats = (await this.read('/stats', options)) as Partial<Stats> | null
    if (!Number.isInteger(stats?.total_alerts)) throw badReply()
    return stats as Stats
  }

  async listDigests(options: CallOptions): Promise<Digest[]> {
    const data = (await this.read('/digests', options)) as { digests?: Digest[] } | null
    if (!Array.isArray(data?.digests)) throw badReply()
    return data.digests
  }

  async listDigestRuns(digestId: number, options: CallOptions): Promise<DigestRun[]> {
    const data = (await this.read(`/digests/${digestId}/runs`, options)) as { runs?: DigestRun[] } | null
    if (!Array.isArray(data?.runs)) throw badReply()
    return data.runs
  }

  async getTimeZone(options: CallOptions): Promise<TimeZone> {
    const zone = (await this.read('/time-zone', options)) as Partial<TimeZone> | null
    if (typeof zone?.time_zone !== 'string') throw badReply()
    return zone as TimeZone
  }

  /** Says what a link of a notification says; the sentinel's own sentence about it. */
  async useAnswerLink(token: string, options: CallOptions): Promise<{ answered: Answered; message: string }> {
    const config = { method: 'POST', url: `/answers/${token}` }
    return this.exchange(config, options, (reply) => {
      const { data, message } = answerOf(reply)
      const answered = data as Partial<Answered> | null
      if (!Number.isInteger(answered?.alert_id) || message === undefined) throw badReply()
      return { answered: answered as Answered, message }
    })
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

  /** False where there is no such import to cancel any more. */
  async cancelImport(generation: number, options: CallOptions): Promise<boolean> {
    const config = { method: 'DELETE', url: `/session/import?generation=${generation}` }
    return this.exchange(config, options, ({ status }) => {
      if (status !== 200 && status !== 409) throw badReply()
      return status === 200
    })
  }

  private read(url: string, options: CallOptions): Promise<unknown> {
    return this.call({ method: 'GET', url }, options)
  }

  private async call(config: AxiosRequestConfig, options: CallOptions): Promise<unknown> {
    return this.exchange(config, options, unwrap)
  }

  private async exchange<T>(
    config: AxiosRequestConfig,
    { requestId, signal }: CallOptions,
    read: (reply: AxiosResponse<string>) => T,
  ): Promise<T> {
    const deadline = new Deadline(this.timeoutMs, [signal])
    const headers = { 'X-Request-Id': requestId }
    try {
      return read(await this.http.request<string>({ ...config, headers, signal: deadline.signal }))
    } catch (error) {
      throw await this.address.explain(toSentinelFailure(deadline.isOver ? deadline.signal.reason : error))
    } finally {
      deadline.end()
    }
  }
}

function unwrap(reply: AxiosResponse<string>): unknown {
  return answerOf(reply).data
}

function answerOf({ status: httpStatus, data, headers }: AxiosResponse<string>): Envelope & { status: 'ok' } {
  const envelope = parseEnvelope(data)
  if (httpStatus === 401) throw refusedToken()
  if (envelope.status === 'ok' && httpStatus < 300) return envelope
  // Its own mishap is no code of ours: whoever calls the ui did nothing wrong.
  if (envelope.status === 'ok' || envelope.code === 'INTERNAL' || !isErrorCode(envelope.code)) throw badReply()
  const retryAfterS = Number(headers['retry-after'])
  throw failure(envelope.code, envelope.message, retryAfterS > 0 ? { retryAfterS } : {})
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
