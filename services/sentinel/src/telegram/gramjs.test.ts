import bigInt from 'big-integer'
import { Acknowledgement, Api } from './gramjs'

describe('acknowledgement', () => {
  it.each([[[]], [['1']], [['7594838347439182081', '-1', '9223372036854775807', '-9223372036854775808', '0']]])(
    'has the bytes that GramJS itself writes for %j',
    (ids) => {
      const msgIds = ids.map((id) => bigInt(id))
      expect(new Acknowledgement({ msgIds }).getBytes()).toEqual(new Api.MsgsAck({ msgIds }).getBytes())
    },
  )
})
