import { unmixed } from './look-alikes'

describe('a word of two scripts', () => {
  it.each([
    ['уязвимoсть', 'уязвимость'],
    ['пapoль', 'пароль'],
    ['pаssword', 'password'],
    ['ассess', 'access'],
    ['password', null],
    ['пароль', null],
    ['сосо', null],
    ['ромa', 'рома'],
    ['ж1z', null],
    ['vpnж', null],
    ['cve2024', null],
  ])('%s is %s', (word, whole) => {
    expect(unmixed(word)).toBe(whole)
  })
})
