import type { Operation } from './openapi'
import { oneOfEach, spread } from './sampling'

const operation = (id: string, method: string) => ({ id, method }) as Operation
const OPERATIONS = [operation('a', 'GET'), operation('b', 'GET'), operation('c', 'GET'), operation('d', 'POST')]
const byMethod = ({ method }: Operation) => method
const pairs = (...inputs: string[]) =>
  spread(
    OPERATIONS,
    inputs.map((input) => [input, input] as const),
    byMethod,
  ).map(([what, id]) => `${id}${what}`)

describe('trials', () => {
  it('have each input once for each kind of operation, by turns', () => {
    expect(pairs('1', '2', '3', '4')).toEqual(['a1', 'b2', 'c3', 'a4', 'd1', 'd2', 'd3', 'd4'])
  })

  it('have each operation, however few the inputs', () => {
    expect(pairs('1')).toEqual(['a1', 'b1', 'c1', 'd1'])
  })

  it('of what takes long have one operation of each kind', () => {
    expect(oneOfEach(OPERATIONS, byMethod).map(([id]) => id)).toEqual(['a', 'd'])
  })
})
