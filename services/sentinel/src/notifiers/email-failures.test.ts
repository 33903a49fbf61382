import { createServer, type AddressInfo, type Server } from 'node:net'
import { createServer as createTlsServer } from 'node:tls'
import { send } from '../../../../test/support/notifying'
import { KEY, SELF_SIGNED } from '../../../../test/support/self-signed'

/** Answers each command by its first word; what it does not know, with 250. `heard`: what it was told. */
async function mailServer(answers: Record<string, string>) {
  const heard: string[] = []
  const server = createServer((socket) => {
    socket.on('error', () => undefined)
    socket.write(`${answers['greeting'] ?? '220 ready'}\r\n`)
    socket.on('data', (bytes) => {
      for (const line of bytes.toString().split('\r\n').filter(Boolean)) {
        const word = line.split(' ')[0] ?? ''
        heard.push(word)
        if (word === 'QUIT') return socket.end('221 bye\r\n')
        socket.write(`${answers[word] ?? '250 OK'}\r\n`)
      }
    })
  })
  return { heard, ...(await listening(server)) }
}

async function listening(server: Server) {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const stop = () => new Promise<void>((resolve) => server.close(() => resolve()))
  return { port: (server.address() as AddressInfo).port, stop }
}

const target = (port: number, more: object = {}) => ({
  ...{ kind: 'email' as const, host: '127.0.0.1', port, security: 'none' as const },
  ...{ from: 'sentinel@example.org', to: ['alex@example.org'], ...more },
})

describe('mail that is not taken says why', () => {
  it.each([
    ['the sender', { MAIL: '550 no' }, 'takes no mail from this sender (550)'],
    ['every receiver', { RCPT: '550 no' }, 'takes no mail for any of the receivers (550)'],
    ['the mail', { DATA: '554 no' }, '(554)'],
    ['the greeting', { greeting: '554 no' }, 'answered with 554'],
  ])('%s is refused, and it is left with QUIT', async (_what, answers, part) => {
    const server = await mailServer(answers)
    expect(await send(target(server.port), {})).toMatchObject({ problem: expect.stringContaining(part) })
    await server.stop()
    if (!('greeting' in answers)) expect(server.heard.at(-1)).toBe('QUIT')
  })

  it('the login is refused, and it is left with QUIT', async () => {
    const server = await mailServer({ EHLO: '250-here\r\n250 AUTH PLAIN', AUTH: '535 no' })
    const outcome = await send(target(server.port, { username: 'ada' }), { password: 'wrong' })
    expect(outcome).toMatchObject({ problem: expect.stringContaining('refuses the username or the password') })
    await server.stop()
    expect(server.heard.at(-1)).toBe('QUIT')
  })

  it('nobody listens', async () => {
    const { port, stop } = await mailServer({})
    await stop()
    expect(await send(target(port), {})).toMatchObject({ problem: expect.stringContaining('Nobody listens at') })
  })

  it('the certificate is not valid, or there is no encryption where it was asked for', async () => {
    const tls = await listening(
      createTlsServer({ key: KEY, cert: SELF_SIGNED }, (socket) => socket.on('error', () => undefined)),
    )
    const outcome = await send(target(tls.port, { security: 'tls' }), {})
    expect(outcome).toMatchObject({ problem: expect.stringMatching(/certificate of 127\.0\.0\.1:\d+ is not valid/) })
    await tls.stop()
    const plain = await mailServer({})
    const other = await send(target(plain.port, { security: 'tls' }), {})
    expect(other).toMatchObject({ problem: expect.stringContaining('No encryption could be agreed on') })
    await plain.stop()
  })
})
