import { contractOf, type Operation } from '../support/openapi'

const SERVICES = ['sentinel', 'ui'] as const

describe.each(SERVICES)('openapi/%s.yaml', (service) => {
  const contract = contractOf(service)

  it('names every operation once', () => {
    const ids = contract.operations.map(({ id }) => id)
    expect(ids.filter(Boolean)).toHaveLength(ids.length)
    expect(new Set(ids).size).toBe(ids.length)
  })

  it('documents a failure as the one envelope', () => {
    const failures = contract.operations.flatMap(({ id, responses }) =>
      Object.entries(responses)
        .filter(([status]) => Number(status) >= 400)
        .map(([status, media]) => [id, status, media['application/json']?.schema]),
    )
    const envelope = { $ref: '#/components/schemas/Failure' }
    expect(failures).toEqual(failures.map(([id, status]) => [id, status, envelope]))
  })

  it('documents 401 for every operation that asks for credentials, and 413 and 415 for every body', () => {
    const missing = contract.operations.flatMap((operation) =>
      owed(operation)
        .filter((status) => !operation.responses[status])
        .map((status) => `${operation.id} ${status}`),
    )
    expect(missing).toEqual([])
  })

  it.each(contract.operations.map((operation) => [operation.id, operation] as const))(
    'gives valid examples for %s',
    (_id, { responses, requestBody }) => {
      const media = [...Object.values(responses), requestBody].flatMap((content) => Object.values(content))
      const problems = media
        .filter(({ example }) => example !== undefined)
        .map(({ schema, example }) => contract.problem(schema, example))
      expect(problems.filter(Boolean)).toEqual([])
    },
  )
})

function owed({ security, requestBody }: Operation): string[] {
  const hasBody = Object.keys(requestBody).length > 0
  return [...(security.optional ? [] : ['401']), ...(hasBody ? ['400', '413', '415'] : [])]
}
