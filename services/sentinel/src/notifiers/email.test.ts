import { dialing } from '../../../../test/support/dialing'
import { startSocks5 } from '../../../../test/support/foreign-proxy'
import { MailReceiver } from '../../../../test/support/mail-receiver'
import { outgoing, send } from '../../../../test/support/notifying'

describe('mail', () => {
  const target = (port: number, more: object = {}) => ({
    ...{ kind: 'email' as const, host: '127.0.0.1', port, security: 'none' as const },
    ...{ from: 'sentinel@example.org', to: ['alex@example.org', 'mara@example.org'] },
    ...more,
  })

  it('arrives with the same id whenever it is sent', async () => {
    const mails = await MailReceiver.start()
    for (let n = 0; n < 2; n++) expect(await send(target(mails.port), {})).toEqual({ type: 'sent' })
    expect(mails.mails).toHaveLength(2)
    for (const mail of mails.mails) {
      expect(mail).toMatchObject({ from: 'sentinel@example.org', to: ['alex@example.org', 'mara@example.org'] })
      expect(mail.source).toContain('Message-ID: <msg_1@tg-sentinel>')
      expect(mail.source).toContain('Subject: News: <b>& more')
      expect(mail.source).toContain('&lt;b&gt;not bold')
    }
    await mails.stop()
  })

  it('goes through the proxy of deliveries, and nowhere where that does not lead', async () => {
    const mails = await MailReceiver.start()
    const proxy = await startSocks5({ login: { username: 'ada', password: 'p:w' } })
    const by = (link: string) => outgoing('127.0.0.0/8', dialing({ links: [link], usedFor: ['deliveries'] }))
    expect(await send(target(mails.port), {}, by(proxy.link))).toEqual({ type: 'sent' })
    expect([proxy.asked, mails.mails.length]).toEqual([[`127.0.0.1:${mails.port}`], 1])
    const problem = expect.stringContaining('refuses the name or the password') as string
    const strange = by(proxy.link.replace('ada', 'eve'))
    expect(await send(target(mails.port), {}, strange)).toMatchObject({ type: 'later', problem })
    expect(mails.mails).toHaveLength(1)
    await proxy.stop()
    await mails.stop()
  })

  it('did not arrive where the server refused one of the receivers', async () => {
    const mails = await MailReceiver.start()
    mails.refused = { 'mara@example.org': 451 }
    const problem = expect.stringContaining('mara@example.org (451); the others have it') as string
    expect(await send(target(mails.port), {})).toMatchObject({ type: 'later', problem })
    mails.refused = { 'mara@example.org': 550 }
    expect(await send(target(mails.port), {})).toMatchObject({ type: 'rejected' })
    expect(mails.mails.map(({ to }) => to)).toEqual([['alex@example.org'], ['alex@example.org']])
    await mails.stop()
  })

  it('is signed in for, tried again later, or given up, by the codes of the server', async () => {
    const mails = await MailReceiver.start('right')
    const signedIn = target(mails.port, { username: 'alex' })
    expect(await send(signedIn, { password: 'right' })).toEqual({ type: 'sent' })
    expect(await send(signedIn, { password: 'wrong' })).toMatchObject({
      type: 'later',
      problem: expect.stringContaining('password'),
    })
    mails.answers = [451, 554]
    expect(await send(signedIn, { password: 'right' })).toMatchObject({ type: 'later' })
    expect(await send(signedIn, { password: 'right' })).toMatchObject({ type: 'rejected' })
    await mails.stop()
  })

  it('is not sent without the encryption that was asked for, nor where the address is not allowed', async () => {
    const mails = await MailReceiver.start()
    const encrypted = target(mails.port, { security: 'starttls' })
    expect(await send(encrypted, {})).toMatchObject({ type: 'later', problem: expect.stringContaining('STARTTLS') })
    expect(await send(target(mails.port), {}, outgoing(''))).toMatchObject({
      type: 'later',
      problem: expect.stringContaining('DELIVERY_ALLOW'),
    })
    expect(mails.mails).toHaveLength(0)
    const { port } = mails
    await mails.stop()
    expect(await send(target(port), {})).toMatchObject({ type: 'later' })
  })
})
