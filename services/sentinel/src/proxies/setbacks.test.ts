import { MINUTE } from '@tgsentinel/kernel/time'
import { DialError } from './dial-error'
import { parseProxyLinks } from './proxy-list'
import { Setbacks } from './setbacks'

const proxies = parseProxyLinks(['socks5://10.0.0.1:1', 'socks5://10.0.0.2:1', 'socks5://10.0.0.3:1'])
const [first, second, third] = proxies as [(typeof proxies)[0], (typeof proxies)[0], (typeof proxies)[0]]
const error = new DialError('refused', 'Nobody listens.')

describe('setbacks', () => {
  it('put a proxy behind the others for a while, and leave out none', () => {
    const setbacks = new Setbacks()
    expect(setbacks.inTurn(proxies, 0)).toEqual(proxies)
    setbacks.failed(first, error, 0)
    expect(setbacks.inTurn(proxies, MINUTE - 1)).toEqual([second, third, first])
    expect(setbacks.inTurn(proxies, MINUTE)).toEqual(proxies)
  })

  it('last longer each time, up to a quarter of an hour, until it works', () => {
    const setbacks = new Setbacks()
    const rests = [1, 2, 4, 8, 15, 15].map((minutes) => {
      setbacks.failed(first, error, 0)
      return [setbacks.of(first)?.untilMs, minutes * MINUTE]
    })
    for (const [rest, expected] of rests) expect(rest).toBe(expected)
    setbacks.worked(first)
    expect(setbacks.of(first)).toBeNull()
    setbacks.failed(first, error, 0)
    expect(setbacks.of(first)?.untilMs).toBe(MINUTE)
  })

  it('try first who rests shortest where all do', () => {
    const setbacks = new Setbacks()
    setbacks.failed(second, error, 0)
    setbacks.failed(first, error, 10)
    setbacks.failed(third, error, 20)
    expect(setbacks.inTurn(proxies, 30)).toEqual([second, first, third])
  })
})
