import { UiHarness } from '../../services/ui/test/ui-harness'
import { fullBodies, placesIn, withAt, type Path } from '../support/full-body'
import { expectUnharmed, JSON_TYPE } from '../support/hostile'
import { contractOf, targetWith, type Operation } from '../support/openapi'
import { rawRequest, type RawReply } from '../support/raw-http'
import { SentinelProcess, TOKEN } from '../support/sentinel-process'

/** Of each kind one, by turns. */
const OTHERS = [[null, true], [[], [null]], [{}, { a: null }], ['x'], [7, -1.5]]
const HALF = '\ud83d'

/** Ends what the others need, or makes more than a test wants. */
const NOT_TRIED = ['startBackup']

interface Sent {
  status: number
  body: { code?: string; message?: string }
}

type Send = (operation: Operation, body: unknown) => Promise<Sent>

/** At each place of each body stands something else: what the document allows is done or refused for a documented reason, the rest is a 400. */
async function walk(service: 'sentinel' | 'ui', operation: Operation, send: Send): Promise<string[]> {
  const contract = contractOf(service)
  const schema = operation.requestBody['application/json']?.schema ?? {}
  const wrong: string[] = []
  const seen = new Set<string>()
  const tell = (what: string, { status, body }: Sent) => wrong.push(`${what}: ${status} ${body?.message ?? ''}`)
  for (const full of fullBodies(contract, schema)) {
    for (const [turn, place] of placesIn(full).entries()) {
      for (const kind of OTHERS) {
        const other = kind[turn % kind.length]
        const body = withAt(full, place, other)
        const text = JSON.stringify(body)
        if (seen.has(text)) continue
        seen.add(text)
        const reply = await send(operation, text)
        const isAllowed = contract.problem(schema, body) === null
        const isGood = isAllowed ? reply.status < 500 : reply.status === 400 && names(reply, place)
        if (!isGood) tell(`${JSON.stringify(other)} at ${place.join('.')}`, reply)
      }
      const half = await send(operation, JSON.stringify(withAt(full, place, HALF)))
      if (half.status !== 400 || !half.body.message?.includes('half of a character'))
        tell(`half at ${place.join('.')}`, half)
    }
  }
  return wrong
}

/** The place, or one that holds it. */
function names({ body: { message = '' } }: Sent, place: Path): boolean {
  if (place.length === 0 || message.startsWith('The body'))
    return message.startsWith('The body') || message.includes(' is missing')
  return message.includes(String(place[0]))
}

const taking = (service: 'sentinel' | 'ui') =>
  contractOf(service)
    .operations.filter(({ id, requestBody }) => requestBody['application/json'] && !NOT_TRIED.includes(id))
    .map((operation) => [operation.id, operation] as const)

describe('each place of each body of the sentinel', () => {
  let sentinel: SentinelProcess
  let profileId: number

  beforeAll(async () => {
    sentinel = await SentinelProcess.start()
    profileId = (await sentinel.api.createProfile({ name: 'Kept' })).id
  })

  afterEach(() => expectUnharmed(sentinel))

  afterAll(() => sentinel.stop())

  const send: Send = async (operation, body) => {
    const headers = { ...JSON_TYPE, Authorization: `Bearer ${TOKEN}` }
    const target = targetWith(operation, String(profileId))
    return (await rawRequest(sentinel.port, { method: operation.method, target, headers }, String(body))) as RawReply &
      Sent
  }

  it.each(taking('sentinel'))('of %s is asked for by its name', async (_id, operation) => {
    expect(await walk('sentinel', operation, send)).toEqual([])
  })
})

describe('each place of each body of the ui', () => {
  let ui: UiHarness

  beforeAll(async () => {
    ui = await UiHarness.start()
    await ui.setUp()
  })

  afterAll(() => ui.stop())

  const send: Send = (operation, body) =>
    ui.send(operation.method, targetWith(operation, '1'), { body: String(body), headers: JSON_TYPE })

  it.each(taking('ui'))('of %s is asked for by its name', async (_id, operation) => {
    expect(await walk('ui', operation, send)).toEqual([])
  })
})
