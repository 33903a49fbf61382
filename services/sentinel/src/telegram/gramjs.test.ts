import bigInt from 'big-integer'
import { Acknowledgement, Api, helpers } from './gramjs'

describe('acknowledgement', () => {
  it.each([[[]], [['1']], [['7594838347439182081', '-1', '9223372036854775807', '-9223372036854775808', '0']]])(
    'has the bytes that GramJS itself writes for %j',
    (ids) => {
      const msgIds = ids.map((id) => bigInt(id))
      expect(new Acknowledgement({ msgIds }).getBytes()).toEqual(new Api.MsgsAck({ msgIds }).getBytes())
    },
  )
})

describe('integers of 64 bits', () => {
  it.each([
    ['0000000000000000', false, '0'],
    ['0100000000000000', false, '1'],
    ['ffffffffffffffff', false, '18446744073709551615'],
    ['ffffffffffffffff', true, '-1'],
    ['0000000000000080', true, '-9223372036854775808'],
  ])('reads %s, signed: %s, as %s', (hex, signed, read) => {
    expect(helpers.readBigIntFromBuffer(Buffer.from(hex, 'hex'), true, signed).toString()).toBe(read)
  })

  it('leaves those of other lengths to GramJS', () => {
    expect(helpers.readBigIntFromBuffer(Buffer.from('010002', 'hex')).toString()).toBe('131073')
    expect(helpers.readBigIntFromBuffer(Buffer.from('0000000000000001', 'hex'), false).toString()).toBe('1')
  })
})
