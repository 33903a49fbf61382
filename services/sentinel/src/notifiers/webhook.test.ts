import { Webhook } from 'standardwebhooks'
import { HttpReceiver, type Received } from '../../../../test/support/http-receiver'
import { send } from '../../../../test/support/notifying'
import { newSigningSecret } from './webhook-signature'

let receiver: HttpReceiver

beforeAll(async () => {
  receiver = await HttpReceiver.start()
})

beforeEach(() => {
  receiver.received.length = 0
  receiver.answer = { status: 200 }
})

afterAll(() => receiver.stop())

describe('a webhook', () => {
  const url = () => `${receiver.url}/hook`
  const headersOf = ({ headers }: Received) => headers as Record<string, string>

  it('is signed as the reference library wants it', async () => {
    const secret = newSigningSecret()
    await send({ kind: 'webhook', url: url() }, { signing_secret: secret })
    const [one] = receiver.received as [Received]
    expect(new Webhook(secret).verify(one.text, headersOf(one))).toEqual({
      type: 'alert',
      timestamp: '2027-01-15T08:00:00.000Z',
      data: { id: 7 },
    })
    expect(one.headers['webhook-id']).toBe('msg_1')
    expect(() => new Webhook(newSigningSecret()).verify(one.text, headersOf(one))).toThrow()
  })

  it('is signed by the former secret, too, until a rotation is over', async () => {
    const [present, former] = [newSigningSecret(), newSigningSecret()]
    const secrets = { signing_secret: present, former_secret: former, former_until: Date.now() + 60_000 }
    await send({ kind: 'webhook', url: url() }, secrets)
    const [one] = receiver.received as [Received]
    for (const secret of [present, former]) new Webhook(secret).verify(one.text, headersOf(one))
    await send({ kind: 'webhook', url: url() }, { ...secrets, former_until: Date.now() - 1 })
    const two = receiver.received[1] as Received
    new Webhook(present).verify(two.text, headersOf(two))
    expect(() => new Webhook(former).verify(two.text, headersOf(two))).toThrow()
  })

  it('is tried again whatever it answers but success and 410', async () => {
    for (const status of [400, 404, 413, 422]) {
      receiver.answer = { status }
      expect(await send({ kind: 'webhook', url: url() }, { signing_secret: newSigningSecret() })).toMatchObject({
        type: 'later',
      })
    }
  })
})
