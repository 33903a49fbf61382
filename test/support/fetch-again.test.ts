import { createServer, type AddressInfo, type Server } from 'node:net'
import { fetchAgain } from './fetch-again'

const ANSWER = 'HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\nok'

describe('a connection that the other side closes before it answers', () => {
  let server: Server
  let url = ''
  let asked: string[]

  /** Closes at the first request, answers what comes after. */
  beforeEach(async () => {
    asked = []
    server = createServer((socket) => {
      socket.on('data', (data) => {
        asked.push(data.toString().split(' ', 1)[0] ?? '')
        if (asked.length === 1) socket.destroy()
        else socket.end(ANSWER)
      })
    })
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`
  })

  afterEach(() => new Promise((resolve) => server.close(resolve)))

  it('is no end of a read', async () => {
    expect(await (await fetchAgain(url)).text()).toBe('ok')
    expect(asked).toEqual(['GET', 'GET'])
  })

  it('is the end of what may have been done', async () => {
    await expect(fetchAgain(url, { method: 'POST' })).rejects.toThrow('fetch failed')
    expect(asked).toEqual(['POST'])
  })
})
