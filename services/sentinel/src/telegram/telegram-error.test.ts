import { errors } from './gramjs'
import { toTelegramError } from './telegram-error'
import { toFailure } from './telegram-failure'

/** As GramJS makes an error of what came over the wire. */
function answered(errorMessage: string, errorCode: number): unknown {
  return errors.RPCMessageToError({ errorMessage, errorCode } as never, { className: 'test' } as never)
}

describe('what Telegram answers in place of a result', () => {
  it.each([
    ['FLOOD_WAIT_31', 420, 'FLOOD_WAIT', 31, 'FLOOD_WAIT'],
    ['FLOOD_PREMIUM_WAIT_7', 420, 'FLOOD_WAIT', 7, 'FLOOD_WAIT'],
    ['SLOWMODE_WAIT_9', 420, 'SLOWMODE_WAIT', 9, 'FLOOD_WAIT'],
    ['MSG_WAIT_FAILED', 500, 'MSG_WAIT_FAILED', null, 'TELEGRAM_TIMEOUT'],
    ['RPC_CALL_FAIL', 500, 'RPC_CALL_FAIL', null, 'TELEGRAM_TIMEOUT'],
    ['HISTORY_GET_FAILED', 500, 'HISTORY_GET_FAILED', null, 'TELEGRAM_TIMEOUT'],
    ['Timeout', -503, 'TIMEOUT', null, 'TELEGRAM_TIMEOUT'],
    ['AUTH_RESTART', 500, 'AUTH_RESTART', null, 'TELEGRAM_TIMEOUT'],
    ['INTERNAL', 500, 'INTERNAL_SERVER_ERROR', null, 'TELEGRAM_REFUSED'],
    ['FROZEN_METHOD_INVALID', 420, 'FROZEN_METHOD_INVALID', null, 'TELEGRAM_REFUSED'],
    ['FROZEN_PARTICIPANT_MISSING', 400, 'FROZEN_PARTICIPANT_MISSING', null, 'TELEGRAM_REFUSED'],
  ])('%s (%d) is %s', (message, code, type, argument, failure) => {
    const error = toTelegramError(answered(message, code))
    expect([error.type, error.argument]).toEqual([type, argument])
    expect(toFailure(error).code).toBe(failure)
  })
})
