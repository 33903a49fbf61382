import { InvalidProxyLink, parseProxyLink } from './proxy-link'
import { linksIn, parseProxyLinks } from './proxy-list'

const KEY = '000102030405060708090a0b0c0d0e0f'
const key = Buffer.from(KEY, 'hex')
const tlsHex = `ee${KEY}${Buffer.from('www.example.org').toString('hex')}`
const tlsBytes = Buffer.from(tlsHex, 'hex')
const tls = { type: 'tls', key, domain: 'www.example.org' }
const host = 'proxy.example.org'
const mt = { kind: 'mtproxy', host, port: 443 }
const plain = { ...mt, secret: { type: 'plain', key, domain: '' } }
const padded = { ...mt, secret: { type: 'padded', key, domain: '' } }

describe('a link', () => {
  it.each([
    ['socks5://10.0.0.1:1080', { kind: 'socks5', host: '10.0.0.1', port: 1080, login: null }],
    ['SOCKS5H://Proxy.Example.org:1080/', { kind: 'socks5', host, port: 1080, login: null }],
    ['socks5://u:p@10.0.0.1:1', { kind: 'socks5', host: '10.0.0.1', port: 1, login: { username: 'u', password: 'p' } }],
    [
      'socks5://u%40x:p%3A%2F%20%25@10.0.0.1:1080',
      { kind: 'socks5', host: '10.0.0.1', port: 1080, login: { username: 'u@x', password: 'p:/ %' } },
    ],
    [
      'http://u:p:a@ss@10.0.0.1:80',
      { kind: 'http', host: '10.0.0.1', port: 80, login: { username: 'u', password: 'p:a@ss' } },
    ],
    [
      'http://token@10.0.0.1:80',
      { kind: 'http', host: '10.0.0.1', port: 80, login: { username: 'token', password: '' } },
    ],
    [
      'http://u:100%@10.0.0.1:80',
      { kind: 'http', host: '10.0.0.1', port: 80, login: { username: 'u', password: '100%' } },
    ],
    ['http://[2001:db8::1]:3128', { kind: 'http', host: '2001:db8::1', port: 3128, login: null }],
    [`mtproxy://${host}:443/${KEY}`, plain],
    [`mtproxy://${host}:443/dd${KEY.toUpperCase()}`, padded],
    [`mtproxy://${host}:443/${tlsHex}`, { ...mt, secret: tls }],
    [`mtproxy://[2001:db8::1]:443/${KEY}`, { ...plain, host: '2001:db8::1' }],
    [`tg://proxy?server=${host}&port=443&secret=${KEY}`, plain],
    [`tg:proxy?server=${host}&port=443&secret=dd${KEY}`, padded],
    [`https://t.me/proxy?server=${host}&port=443&secret=dd${KEY}`, padded],
    [`  http://telegram.me/proxy?port=443&server=${host}&secret=${KEY} \n`, plain],
    [`t.me/proxy?server=${host}&amp;port=443&amp;secret=${KEY}`, plain],
    [`https://t.me/proxy?server=${host}%20&port=%20443&secret=${KEY}%20`, plain],
    [`https://t.me/proxy?server=%5B2001%3Adb8%3A%3A1%5D&port=443&secret=${KEY}`, { ...plain, host: '2001:db8::1' }],
    [`https://t.me/proxy?server=2001:db8::1&port=443&secret=${KEY}`, { ...plain, host: '2001:db8::1' }],
    [`https://t.me/proxy?server=${host}.&port=443&secret=${KEY}`, { ...plain, host: `${host}.` }],
    [`https://t.me/proxy?server=${host}&port=443&secret=${key.toString('base64url')}`, plain],
    [`https://t.me/proxy?server=${host}&port=443&secret=${encodeURIComponent(key.toString('base64'))}`, plain],
    [`https://t.me/proxy?server=${host}&port=443&secret=${tlsBytes.toString('base64url')}`, { ...mt, secret: tls }],
    [`https://t.me/proxy?server=${host}&port=443&secret=${tlsBytes.toString('base64')}`, { ...mt, secret: tls }],
    ['tg://socks?server=10.0.0.1&port=1080', { kind: 'socks5', host: '10.0.0.1', port: 1080, login: null }],
    [
      'https://t.me/socks?server=10.0.0.1&port=1080&user=u%26x&pass=p%2Bp',
      { kind: 'socks5', host: '10.0.0.1', port: 1080, login: { username: 'u&x', password: 'p+p' } },
    ],
  ])('%s is read', (link, proxy) => expect(parseProxyLink(link)).toEqual(proxy))

  it('reads a secret whose base64 has a + that nobody encoded', () => {
    const bytes = Buffer.from('fbefbefbefbefbefbefbefbefbefbefb', 'hex')
    expect(bytes.toString('base64')).toContain('+')
    const link = `https://t.me/proxy?server=${host}&port=443&secret=${bytes.toString('base64')}`
    expect(parseProxyLink(link)).toMatchObject({ secret: { type: 'plain', key: bytes } })
  })

  it.each([
    ['', 'is none of'],
    ['10.0.0.1:1080', 'is none of'],
    ['https://10.0.0.1:1080', 'is none of'],
    ['socks4://10.0.0.1:1080', 'is none of'],
    ['https://t.me/durov', 'is none of'],
    ['https://example.org/proxy?server=a&port=1&secret=b', 'is none of'],
    ['socks5://10.0.0.1:1080?x=1', 'is none of'],
    ['socks5://:1080', 'names no host'],
    ['socks5://300.0.0.1:1080', 'names no host'],
    ['socks5://2001:db8::1:1080', 'is none of'],
    ['socks5://[10.0.0.1]:1080', 'names no host'],
    ['socks5://a_very bad name:1080', 'names no host'],
    ['socks5://10.0.0.1', 'names no port'],
    ['socks5://10.0.0.1:0', 'names no port'],
    ['socks5://10.0.0.1:65536', 'names no port'],
    [`socks5://u:${'p'.repeat(256)}@10.0.0.1:1080`, 'more than 255'],
    ['tg://proxy?server=&port=443&secret=00', 'names no host'],
    [`https://t.me/proxy?server=${host}&secret=${KEY}`, 'names no port'],
    [`mtproxy://${host}:443`, 'has no secret'],
    [`mtproxy://${host}:443/${KEY}00`, 'has no secret'],
    [`mtproxy://${host}:443/dd${KEY}00`, 'has no secret'],
    [`mtproxy://${host}:443/ee${KEY}`, 'has no secret'],
    [`mtproxy://${host}:443/ee${KEY}ff00`, 'has no secret'],
    [`mtproxy://${host}:443/ee${KEY}${Buffer.from('a'.repeat(183)).toString('hex')}`, 'has no secret'],
    [`mtproxy://${host}:443/*not a secret*`, 'has no secret'],
  ])('%s is refused', (link, reason) => {
    expect(() => parseProxyLink(link)).toThrow(InvalidProxyLink)
    expect(() => parseProxyLink(link)).toThrow(reason)
  })
})

describe('several links', () => {
  it('are parted by blanks, and keep their order', () => {
    const text = ` socks5://10.0.0.1:1\n\tmtproxy://${host}:443/${KEY}  http://10.0.0.2:2 `
    expect(parseProxyLinks(linksIn(text)).map(({ kind }) => kind)).toEqual(['socks5', 'mtproxy', 'http'])
    expect(parseProxyLinks(linksIn(''))).toEqual([])
  })

  it('are refused with the place of the one that is wrong, and without a word of it', () => {
    const links = ['socks5://10.0.0.1:1', 'socks5://user:hidden-word@10.0.0.1:99999']
    expect(() => parseProxyLinks(links)).toThrow('Proxy 2 of 2 names no port from 1 to 65535.')
    expect(() => parseProxyLinks(links.slice(1))).toThrow('The proxy names no port from 1 to 65535.')
    expect(() => parseProxyLinks(links)).toThrow(
      expect.not.objectContaining({ message: expect.stringMatching('hidden') }),
    )
  })
})
