import { BlockList, isIPv4, isIPv6 } from 'node:net'

/** https://core.telegram.org/resources/cidr.txt */
const PUBLISHED_RANGES = [
  '91.108.4.0/22',
  '91.108.8.0/22',
  '91.108.12.0/22',
  '91.108.16.0/22',
  '91.108.20.0/22',
  '91.108.56.0/22',
  '91.105.192.0/23',
  '149.154.160.0/20',
  '185.76.151.0/24',
  '2001:67c:4e8::/48',
  '2001:b28:f23c::/48',
  '2001:b28:f23d::/48',
  '2001:b28:f23f::/48',
  '2a0a:f280::/32',
]
const PORTS = [80, 443, 5222]
const PRODUCTION: Record<number, string> = {
  1: '149.154.175.53',
  2: '149.154.167.51',
  3: '149.154.175.100',
  4: '149.154.167.91',
  5: '91.108.56.130',
}
const TEST: Record<number, string> = { 1: '149.154.175.10', 2: '149.154.167.40', 3: '149.154.175.117' }
const PRODUCTION_IPV6: Record<number, string> = {
  1: '2001:b28:f23d:f001::a',
  2: '2001:67c:4e8:f002::a',
  3: '2001:b28:f23d:f003::a',
  4: '2001:67c:4e8:f004::a',
  5: '2001:b28:f23f:f005::a',
}
const TEST_IPV6: Record<number, string> = {
  1: '2001:b28:f23d:f001::e',
  2: '2001:67c:4e8:f002::e',
  3: '2001:b28:f23d:f003::e',
}

// Two lists: one alone would let an IPv4-mapped IPv6 address match the IPv4 ranges.
const ipv4Ranges = rangesOf('ipv4')
const ipv6Ranges = rangesOf('ipv6')
const testIpv6 = testAddresses()

/** Whether an address is an IP literal within Telegram's published ranges: no name, no mapped form, no zone. */
export function isTelegramAddress(address: string): boolean {
  if (isIPv4(address)) return ipv4Ranges.check(address, 'ipv4')
  return isPlainIpv6(address) && ipv6Ranges.check(address, 'ipv6')
}

export function isDataCentrePort(port: number): boolean {
  return PORTS.includes(port)
}

/**
 * Whether we may dial host:port: a published address and port, or exactly one `host:port` of the operator's list
 * (TG_DC_ALLOW; an IPv6 host there with or without brackets). The same rule holds at import and at connect time.
 */
export function isAllowedDataCentre(host: string, port: number, allow: readonly string[]): boolean {
  return isOnAllowList(host, port, allow) || (isDataCentrePort(port) && isTelegramAddress(host))
}

export function isOnAllowList(host: string, port: number, allow: readonly string[]): boolean {
  return allow.includes(`${host}:${port}`) || allow.includes(`[${host}]:${port}`)
}

/** Telegram's address of a data centre (1-5, test 1-3), by IPv4 or IPv6; undefined for any other id. */
export function dataCentreAddress(dcId: number, testDc: boolean, version: '4' | '6' = '4'): string | undefined {
  if (version === '6') return (testDc ? TEST_IPV6 : PRODUCTION_IPV6)[dcId]
  return (testDc ? TEST : PRODUCTION)[dcId]
}

/** Whether the address is one of Telegram's test servers, whose ids are those of the production ones. */
export function isTestDataCentre(address: string): boolean {
  if (isIPv4(address)) return Object.values(TEST).includes(address)
  return isPlainIpv6(address) && testIpv6.check(address, 'ipv6')
}

function isPlainIpv6(address: string): boolean {
  return isIPv6(address) && !address.includes('%') && !address.includes('.')
}

function rangesOf(family: 'ipv4' | 'ipv6'): BlockList {
  const list = new BlockList()
  for (const range of PUBLISHED_RANGES) {
    const [network = '', bits] = range.split('/')
    if (isIPv4(network) === (family === 'ipv4')) list.addSubnet(network, Number(bits), family)
  }
  return list
}

function testAddresses(): BlockList {
  const list = new BlockList()
  for (const address of Object.values(TEST_IPV6)) list.addAddress(address, 'ipv6')
  return list
}
