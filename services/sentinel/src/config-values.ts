import { createPublicKey } from 'node:crypto'
import { readFileSync } from 'node:fs'
import type { DataCentre, IpVersion } from './config'
import type { ProxyPurpose } from './model'
import type { Proxy } from './proxies/proxy'
import { linksIn, parseProxyLinks } from './proxies/proxy-list'

// How the values of variables are read: what is not right is undefined.

const PEM = /-----BEGIN (?:RSA )?PUBLIC KEY-----[\s\S]+?-----END (?:RSA )?PUBLIC KEY-----/g

function entriesOf(text: string): string[] {
  return text
    .split(',')
    .map((entry) => entry.trim())
    .filter(Boolean)
}

/** Null stands for nothing: undefined would refuse it. */
export function parsePort(text: string): number | null | undefined {
  if (text === '') return null
  return /^\d{1,5}$/.test(text) && Number(text) >= 1 && Number(text) <= 65535 ? Number(text) : undefined
}

export function parseStart(text: string): DataCentre | null | undefined {
  if (text === '') return null
  const [, dcId, host = '', port] = /^([1-5])@(.+):(\d{1,5})$/.exec(text) ?? []
  const address = host.replace(/^\[(.*)\]$/, '$1')
  return dcId && parseDataCentres(`${host}:${port}`) ? { dcId: Number(dcId), address, port: Number(port) } : undefined
}

export function readKeys(path: string): string[] | undefined {
  if (path === '') return []
  try {
    const keys = readFileSync(path, 'utf8').match(PEM) ?? []
    const isRsa = (pem: string) => createPublicKey(pem).asymmetricKeyType === 'rsa'
    return keys.length > 0 && keys.every(isRsa) ? [...keys] : undefined
  } catch {
    return undefined
  }
}

export function parseChats(text: string): string[] | undefined {
  const entries = entriesOf(text).map((entry) => entry.toLowerCase())
  return entries.every((entry) => /^(@[a-z0-9_]{1,32}|-?\d{1,16})$/.test(entry)) ? entries : undefined
}

export function parseAdmins(text: string): number[] | undefined {
  const entries = entriesOf(text)
  return entries.every((entry) => /^[1-9]\d{0,15}$/.test(entry)) ? entries.map(Number) : undefined
}

export function isHttpUrl(text: string): boolean {
  return URL.canParse(text) && /^https?:$/.test(new URL(text).protocol)
}

/** An address to which a path can be added. */
export function isPageAddress(text: string): boolean {
  if (!isHttpUrl(text)) return false
  const { search, hash, username, password } = new URL(text)
  return [search, hash, username, password].every((part) => part === '')
}

export function parseDataCentres(text: string): string[] | undefined {
  const entries = entriesOf(text)
  const isRight = (entry: string) => {
    const [, port] = /^(?:\d{1,3}(?:\.\d{1,3}){3}|\[[0-9a-f:]+\]):(\d{1,5})$/i.exec(entry) ?? []
    return port !== undefined && Number(port) >= 1 && Number(port) <= 65535
  }
  return entries.every(isRight) ? entries : undefined
}

export function parsePolls(text: string): number | undefined {
  const polls = /^\d{1,5}$/.test(text) ? Number(text) : 0
  return polls >= 1 && polls <= 60_000 ? polls : undefined
}

export function parseProxies(text: string): Proxy[] | undefined {
  try {
    return parseProxyLinks(linksIn(text))
  } catch {
    return undefined
  }
}

/** Why it is none, without a word of it: it may hold passwords. */
export function proxyProblem(text: string): string {
  try {
    parseProxyLinks(linksIn(text))
    return ''
  } catch (error) {
    return (error as Error).message
  }
}

export function parsePurposes(text: string): ProxyPurpose[] | undefined {
  const known: readonly ProxyPurpose[] = ['telegram', 'bot', 'deliveries']
  const entries = entriesOf(text)
  const isRight = entries.length > 0 && entries.every((entry) => known.includes(entry as ProxyPurpose))
  return isRight ? known.filter((purpose) => entries.includes(purpose)) : undefined
}

export function parseIp(text: string): IpVersion[] | undefined {
  const versions = entriesOf(text)
  const isRight = versions.every((version) => version === '4' || version === '6')
  return isRight && versions.length > 0 && new Set(versions).size === versions.length
    ? (versions as IpVersion[])
    : undefined
}
