import { dataCentreOf, placeOf } from './data-centre'

const dc2 = { dcId: 2, address: '149.154.167.51', port: 443 }
const IPV4 = { address: '149.154.167.51', port: 443 }
const IPV6 = { address: '2001:67c:4e8:f002::a', port: 443 }

describe('what is dialled for a data centre', () => {
  it.each([
    ['4', ['4'], [IPV4]],
    ['6', ['6'], [IPV6]],
    ['4, then 6', ['4', '6'], [IPV4, IPV6]],
    ['6, then 4', ['6', '4'], [IPV6, IPV4]],
  ] as const)('follows TG_IP: %s', (_text, ip, addresses) => {
    expect(placeOf(dc2, ip, false).addresses).toEqual(addresses)
    expect(placeOf({ ...dc2, address: IPV6.address }, ip, false).addresses).toEqual(addresses)
  })

  it.each([
    [1, '2001:b28:f23d:f001::a'],
    [2, '2001:67c:4e8:f002::a'],
    [3, '2001:b28:f23d:f003::a'],
    [4, '2001:67c:4e8:f004::a'],
    [5, '2001:b28:f23f:f005::a'],
  ])('is, of DC %i by IPv6, %s', (dcId, address) => {
    expect(placeOf({ ...dc2, dcId }, ['6'], false).addresses).toEqual([{ address, port: 443 }])
  })

  it('keeps the address and the port that the session names, of its own version', () => {
    const other = { dcId: 2, address: '149.154.167.41', port: 80 }
    expect(placeOf(other, ['4', '6'], false).addresses).toEqual([{ address: '149.154.167.41', port: 80 }, IPV6])
  })

  it('is what the owner has named where that is not Telegram’s, whatever TG_IP says', () => {
    const own = { dcId: 2, address: '127.0.0.1', port: 4443 }
    expect(placeOf(own, ['6'], false)).toEqual({ dcId: 2, addresses: [{ address: '127.0.0.1', port: 4443 }] })
  })

  it('is told to an MTProxy by a number: negative for files, 10,000 more for a test server', () => {
    const test = { ...dc2, address: '149.154.167.40' }
    expect([placeOf(dc2, ['4'], true).dcId, placeOf(test, ['4'], false).dcId]).toEqual([-2, 10_002])
    expect(placeOf(test, ['6'], true)).toEqual({
      dcId: -10_002,
      addresses: [{ address: '2001:67c:4e8:f002::e', port: 443 }],
    })
  })

  it('is named by its IPv4 address, which other programs can dial, where Telegram tells of both', () => {
    const option = { id: 4, port: 443, mediaOnly: false, tcpoOnly: false, cdn: false }
    const dcOptions = [
      { ...option, ipv6: true, ipAddress: '2001:67c:4e8:f004::b' },
      { ...option, ipv6: false, ipAddress: '149.154.167.92' },
    ]
    expect(dataCentreOf({ dcOptions } as never, 4, false, []).address).toBe('149.154.167.92')
  })
})
