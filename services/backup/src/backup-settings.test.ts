import { DAY, HOUR } from '@tgsentinel/kernel/time'
import { parseEvery, parseKeep } from './backup-settings'

describe('what the environment says of backups', () => {
  it.each([
    ['12h', 12 * HOUR],
    ['1d', DAY],
    ['90m', 1.5 * HOUR],
    ['5m', undefined],
    ['366d', undefined],
    ['', undefined],
    ['1', undefined],
    ['-1d', undefined],
  ])('reads %j', (text, ms) => expect(parseEvery(text)).toBe(ms))

  it('keeps from one to a thousand', () =>
    expect(['1', '7', '1000', '0', '1001', 'x'].map(parseKeep)).toEqual([1, 7, 1000, undefined, undefined, undefined]))
})
