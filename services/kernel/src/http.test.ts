import { createApp, listen, type Listener } from './http'
import { createLogger } from './log'

describe('a connection', () => {
  let listener: Listener

  beforeEach(async () => {
    const routes = [(_request: unknown, response: { end(text: string): void }) => response.end('here')]
    listener = await listen(
      createApp(
        routes,
        createLogger('kernel', 'silent'),
        () => undefined,
        () => undefined,
      ),
      '127.0.0.1',
      0,
    )
  })

  afterEach(() => listener.close())

  it('is kept longer than whoever asks keeps it, and its next head is waited for no shorter', async () => {
    const reply = await fetch(`http://127.0.0.1:${listener.port}/`)
    expect([await reply.text(), reply.headers.get('keep-alive')]).toEqual(['here', 'timeout=75'])
    expect(listener.server.headersTimeout).toBeGreaterThan(listener.server.keepAliveTimeout)
  })
})
