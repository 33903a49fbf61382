import { lookup as systemLookup, type LookupAddress } from 'node:dns'
import { isIP, type LookupFunction } from 'node:net'
import ipaddr from 'ipaddr.js'
import { placeName, type AllowList } from './allow-list'
import { OutgoingError } from './outgoing-error'

/** The well-known prefix of NAT64 (RFC 6052): an IPv4 address is in its last four bytes. */
const NAT64: [ipaddr.IPv6, number] = [ipaddr.IPv6.parse('64:ff9b::'), 96]

export type Resolve = (host: string) => Promise<LookupAddress[]>

/**
 * Which addresses may be reached: public ones, and what DELIVERY_ALLOW names. A name is judged by every address that it has, at the very
 * look-up that the connection is made by: an answer that changes afterwards changes nothing.
 */
export class AddressGuard {
  constructor(
    private readonly allowed: AllowList,
    private readonly resolve: Resolve = allAddressesOf,
  ) {}

  /**
   * Addresses that may be connected to, for one connection now.
   * @throws OutgoingError where one of them is not allowed; errors of the look-up
   */
  async addressesOf(host: string, port: number): Promise<LookupAddress[]> {
    const family = isIP(host)
    const addresses = family ? [{ address: host, family }] : await this.resolve(host)
    if (this.allowed.places.has(placeName(host.toLowerCase(), port))) return addresses
    for (const { address } of addresses) this.require(address, host, port)
    return addresses
  }

  /** A look-up for a socket, which connects to what was judged and to nothing else. */
  lookupFor(port: number): LookupFunction {
    return (host, options, callback) => {
      this.addressesOf(host, port).then(
        (addresses) => {
          const [first] = addresses
          if (options.all) callback(null, addresses)
          else if (first) callback(null, first.address, first.family)
          else callback(Object.assign(new Error('no address'), { code: 'ENOTFOUND' }), '', 0)
        },
        (error: NodeJS.ErrnoException) => callback(error, '', 0),
      )
    }
  }

  /** @throws OutgoingError where the address is not allowed */
  require(address: string, host: string, port: number): void {
    const parsed = ipaddr.process(address)
    if (isPublic(parsed) || this.isNamed(parsed, port)) return
    const what = host === address ? host : `${host} leads to ${address}, which`
    throw new OutgoingError(
      'refused',
      `${what} is a private, loopback or reserved address, so nothing was sent. If it is meant, name ${placeName(
        isIP(host) ? String(parsed) : host,
        port,
      )} in DELIVERY_ALLOW and restart the sentinel.`,
    )
  }

  private isNamed(address: ipaddr.IPv4 | ipaddr.IPv6, port: number): boolean {
    if (this.allowed.places.has(placeName(String(address), port))) return true
    return this.allowed.ranges.some(([range, bits]) => range.kind() === address.kind() && address.match(range, bits))
  }
}

function isPublic(address: ipaddr.IPv4 | ipaddr.IPv6): boolean {
  if (address.range() === 'unicast') return true
  if (address.kind() === 'ipv4' || !address.match(...NAT64)) return false
  return ipaddr.fromByteArray(address.toByteArray().slice(12)).range() === 'unicast'
}

function allAddressesOf(host: string): Promise<LookupAddress[]> {
  return new Promise((resolve, reject) => {
    systemLookup(host, { all: true }, (error, addresses) => (error ? reject(error) : resolve(addresses)))
  })
}
