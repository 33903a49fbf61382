import request from 'supertest'
import { readConfig } from '../../services/sentinel/src/config'
import { createSentinel, type Sentinel } from '../../services/sentinel/src/sentinel'
import { UiHarness } from '../../services/ui/test/ui-harness'
import { checkReply } from '../support/contract-record'
import { contractOf, type ServiceName } from '../support/openapi'
import { makeTemporaryFolder, removeFolder } from '../support/temporary-folder'

/** They end with their reader. */
const STREAMS = ['streamEvents', 'streamUiEvents']

/** Both applications in this process: quick, and every reply is checked against its document. */
describe('both services answer in one shape', () => {
  const folder = makeTemporaryFolder()
  let sentinel: Sentinel
  let ui: UiHarness

  beforeAll(async () => {
    const env = { DATA_DIR: folder, SENTINEL_API_PORT: '0', LOG_LEVEL: 'silent' }
    sentinel = await createSentinel(readConfig(env), 'no-inspector.js', __filename)
    ui = await UiHarness.start()
    await ui.setUp()
  })

  afterAll(async () => {
    await ui.stop()
    await sentinel.close()
    removeFolder(folder)
  })

  const addressOf = (service: ServiceName) => `http://127.0.0.1:${service === 'ui' ? ui.ui.port : sentinel.port}`

  function check(service: ServiceName, method: string, pathname: string, reply: request.Response): void {
    const contentType = String(reply.headers['content-type'])
    checkReply({ service, method, pathname, status: reply.status, contentType, text: reply.text })
  }

  it.each(['sentinel', 'ui'] as const)('the %s tells its health to anybody', async (service) => {
    const reply = await request(addressOf(service)).get('/api/health').expect(200)
    check(service, 'GET', '/api/health', reply)
    expect(reply.body).toMatchObject({ status: 'ok', service: service === 'ui' ? 'tgsentinel-ui' : 'tgsentinel' })
  })

  it.each([
    ['sentinel', '/api/nothing', 404, 'NOT_FOUND'],
    ['ui', '/api/nothing', 401, 'UNAUTHORIZED'],
  ] as const)('the %s answers an unknown path with an envelope', async (service, path, status, code) => {
    const reply = await request(addressOf(service)).get(path).expect(status)
    expect(reply.body).toMatchObject({ status: 'error', code, data: null, error: { code } })
  })

  /** What needs neither an id nor a session at Telegram. */
  const plain = (service: ServiceName) =>
    contractOf(service)
      .operations.filter(({ id, method, path }) => method === 'GET' && !path.includes('{') && !STREAMS.includes(id))
      .map(({ id, path }) => [service, id, path] as const)

  it.each([...plain('sentinel'), ...plain('ui')])(
    'the %s answers %s as it is documented',
    async (service, _id, path) => {
      const headers = service === 'ui' ? { Cookie: ui.cookie, Origin: ui.origin } : {}
      const reply = await request(addressOf(service)).get(path).set(headers)
      check(service, 'GET', path, reply)
      expect(reply.status).toBeLessThan(500)
    },
  )

  it.each([
    ['sentinel', '/api/session/import'],
    ['ui', '/api/auth/login'],
  ] as const)('the %s refuses a body that is no JSON', async (service, path) => {
    const sent = request(addressOf(service)).post(path).set('Content-Type', 'application/json')
    const reply = await sent.send('{"half').expect(400)
    check(service, 'POST', path, reply)
    expect(reply.body).toMatchObject({ status: 'error', data: null })
  })
})
