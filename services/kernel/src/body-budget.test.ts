import type { IncomingMessage } from 'node:http'
import { BodyBudget } from './body-budget'

const request = (length?: string) => ({ headers: { 'content-length': length } }) as unknown as IncomingMessage

it('refuses what does not fit beside what is held, until that is given back once', () => {
  const budget = new BodyBudget(20, 15)
  const release = budget.take(request('12'))
  budget.take(request('8'))
  expect(() => budget.take(request('1'))).toThrow(
    expect.objectContaining({ status: 503, code: 'UNAVAILABLE', options: { retryAfterS: 5 } }),
  )
  release()
  release()
  budget.take(request('12'))
  expect(() => budget.take(request('1'))).toThrow()
})

it('counts a body of unknown or absurd length as the longest that is taken', () => {
  const budget = new BodyBudget(20, 15)
  budget.take(request())
  expect(() => budget.take(request('99999'))).toThrow()
  budget.take(request('5'))
})
