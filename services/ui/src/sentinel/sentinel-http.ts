import axios, { type AxiosInstance, type AxiosRequestConfig } from 'axios'
import { Agent as HttpAgent } from 'node:http'
import { Agent as HttpsAgent } from 'node:https'

/** A hundred alerts with long texts and all that became of them. */
const MAX_REPLY_BYTES = 32 * 1024 * 1024

/** Requests to the sentinel with our token: no status is an error, no redirect is followed, replies are texts. */
export function sentinelHttp(
  baseUrl: string,
  token: string | undefined,
  more: Pick<AxiosRequestConfig, 'timeout'> = {},
): AxiosInstance {
  return axios.create({
    baseURL: baseUrl,
    headers: { Accept: 'application/json', ...(token ? { Authorization: `Bearer ${token}` } : {}) },
    maxContentLength: MAX_REPLY_BYTES,
    maxRedirects: 0,
    proxy: false,
    // Fresh connections: a kept one may be closed by the other side just when it is used again.
    httpAgent: new HttpAgent({ keepAlive: false }),
    httpsAgent: new HttpsAgent({ keepAlive: false }),
    responseType: 'text',
    transitional: { silentJSONParsing: false },
    transformResponse: (text: unknown) => text,
    validateStatus: () => true,
    ...more,
  })
}
