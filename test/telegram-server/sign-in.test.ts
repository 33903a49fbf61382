import { Api, type TelegramClient } from 'telegram'
import { computeCheck } from 'telegram/Password'
import { startTelegramServer, type TelegramServer } from './server'
import { closeGramJs, newGramJsClient, type GramJsClient } from './support/gramjs'
import { until } from './support/waiting'

const PHONE = '+49 151 1234567'
const APP = { apiId: 1, apiHash: 'hash' }

describe('signing in, as GramJS does it', () => {
  let server: TelegramServer
  const clients: GramJsClient[] = []

  beforeEach(async () => {
    server = await startTelegramServer({ dcs: [2, 4] })
  })

  afterEach(async () => {
    for (const one of clients.splice(0)) await closeGramJs(one)
    await server.close()
  })

  async function connect(dc?: number): Promise<GramJsClient> {
    const made = await newGramJsClient(server, dc)
    clients.push(made)
    await made.client.connect()
    return made
  }

  const control = () => server.control
  const sendCode = ({ client }: GramJsClient, phoneNumber = PHONE) =>
    client.invoke(
      new Api.auth.SendCode({ phoneNumber, ...APP, settings: new Api.CodeSettings({}) }),
    ) as Promise<Api.auth.SentCode>
  const signIn = ({ client }: GramJsClient, phoneCodeHash: string, phoneCode: string, phoneNumber = PHONE) =>
    client.invoke(new Api.auth.SignIn({ phoneNumber, phoneCodeHash, phoneCode }))
  const stateOf = ({ client }: GramJsClient) => client.invoke(new Api.updates.GetState())
  const lastCode = async (phone = PHONE) => (await control().lastCode({ phone })).code

  async function checkPassword(client: TelegramClient, password: string): Promise<Api.auth.TypeAuthorization> {
    const question = await client.invoke(new Api.account.GetPassword())
    return client.invoke(new Api.auth.CheckPassword({ password: await computeCheck(question, password) }))
  }

  it('lets in who has the code, pushes to them, and forgets them when they leave', async () => {
    const account = await control().createAccount({ firstName: 'Alex', phone: PHONE })
    const one = await connect()
    const sent = await sendCode(one)
    expect(sent).toMatchObject({
      type: { className: 'auth.SentCodeTypeApp', length: 5 },
      nextType: { className: 'auth.CodeTypeSms' },
      timeout: 120,
    })
    await expect(signIn(one, sent.phoneCodeHash, '')).rejects.toMatchObject({ errorMessage: 'PHONE_CODE_EMPTY' })
    const wrong = (await lastCode()) === '00000' ? '11111' : '00000'
    await expect(signIn(one, sent.phoneCodeHash, wrong)).rejects.toMatchObject({ errorMessage: 'PHONE_CODE_INVALID' })
    const authorization = (await signIn(one, sent.phoneCodeHash, await lastCode())) as Api.auth.Authorization
    expect(authorization.user.id.toJSNumber()).toBe(account.id)
    await stateOf(one)
    const { id: friend } = await control().createUser({ firstName: 'Mara' })
    await control().postMessage({ chat: friend, text: 'welcome' })
    await until('the message', () => one.seen.some(({ className }) => className === 'Updates'))
    await one.client.invoke(new Api.auth.LogOut())
    await expect(stateOf(one)).rejects.toMatchObject({ code: 401, errorMessage: 'AUTH_KEY_UNREGISTERED' })
  })

  it('sends the code again by the next way until there is none, and takes it back', async () => {
    await control().createAccount({ firstName: 'Alex', phone: PHONE })
    const one = await connect()
    const { phoneCodeHash } = await sendCode(one)
    const again = () => one.client.invoke(new Api.auth.ResendCode({ phoneNumber: PHONE, phoneCodeHash }))
    expect(await again()).toMatchObject({ type: { className: 'auth.SentCodeTypeSms' }, phoneCodeHash })
    expect(await again()).toMatchObject({ type: { className: 'auth.SentCodeTypeCall' }, nextType: null })
    await expect(again()).rejects.toMatchObject({ code: 406, errorMessage: 'SEND_CODE_UNAVAILABLE' })
    await one.client.invoke(new Api.auth.CancelCode({ phoneNumber: PHONE, phoneCodeHash }))
    await expect(signIn(one, phoneCodeHash, '12345')).rejects.toMatchObject({ errorMessage: 'PHONE_CODE_EXPIRED' })
    await control().setCodeOptions({ isCountdownEnforced: true, timeoutSeconds: 50 })
    const second = await sendCode(one)
    const early = new Api.auth.ResendCode({ phoneNumber: PHONE, phoneCodeHash: second.phoneCodeHash })
    await expect(one.client.invoke(early)).rejects.toMatchObject({ seconds: expect.any(Number) as number })
  })

  it('refuses numbers and codes that are not good, and asks strangers to sign up', async () => {
    await control().createAccount({ firstName: 'Alex', phone: PHONE })
    await control().setCodeOptions({ bannedPhones: ['+12025550100'], floodedPhones: ['+12025550101'], codeAttempts: 2 })
    const one = await connect()
    for (const [phone, error] of [
      ['12', 'PHONE_NUMBER_INVALID'],
      ['+1 202 555 0100', 'PHONE_NUMBER_BANNED'],
      ['+1 202 555 0101', 'PHONE_NUMBER_FLOOD'],
    ] as const)
      await expect(sendCode(one, phone)).rejects.toMatchObject({ errorMessage: error })
    await control().floodWait({ method: 'auth.sendCode', seconds: 77 })
    await expect(sendCode(one)).rejects.toMatchObject({ seconds: 77 })
    const { phoneCodeHash } = await sendCode(one)
    for (const error of ['PHONE_CODE_INVALID', 'PHONE_CODE_INVALID', 'PHONE_CODE_EXPIRED'])
      await expect(signIn(one, phoneCodeHash, 'x')).rejects.toMatchObject({ errorMessage: error })
    const expiring = await sendCode(one)
    const code = await lastCode()
    await control().expireCode({ phone: PHONE })
    await expect(signIn(one, expiring.phoneCodeHash, code)).rejects.toMatchObject({
      errorMessage: 'PHONE_CODE_EXPIRED',
    })
    const stranger = '+12025550123'
    const unknown = await sendCode(one, stranger)
    expect(await signIn(one, unknown.phoneCodeHash, await lastCode(stranger), stranger)).toMatchObject({
      className: 'auth.AuthorizationSignUpRequired',
    })
  })

  it('asks for the password after the code, and for patience after wrong ones', async () => {
    await control().createAccount({ firstName: 'Alex', phone: PHONE, password: 'correct horse', hint: 'animal' })
    await control().setCodeOptions({ passwordAttempts: 2, passwordFloodSeconds: 40 })
    const one = await connect()
    const { phoneCodeHash } = await sendCode(one)
    await expect(signIn(one, phoneCodeHash, await lastCode())).rejects.toMatchObject({
      code: 401,
      errorMessage: 'SESSION_PASSWORD_NEEDED',
    })
    await expect(stateOf(one)).rejects.toMatchObject({ errorMessage: 'AUTH_KEY_UNREGISTERED' })
    const question = await one.client.invoke(new Api.account.GetPassword())
    expect(question).toMatchObject({ hasPassword: true, hint: 'animal' })
    const stale = await computeCheck(question, 'correct horse')
    await expect(checkPassword(one.client, 'wrong')).rejects.toMatchObject({ errorMessage: 'PASSWORD_HASH_INVALID' })
    await expect(one.client.invoke(new Api.auth.CheckPassword({ password: stale }))).rejects.toMatchObject({
      errorMessage: 'SRP_ID_INVALID',
    })
    expect(await checkPassword(one.client, 'correct horse')).toMatchObject({ className: 'auth.Authorization' })
    await stateOf(one)
    for (const _ of [1, 2])
      await expect(checkPassword(one.client, 'wrong')).rejects.toMatchObject({ errorMessage: 'PASSWORD_HASH_INVALID' })
    await expect(checkPassword(one.client, 'correct horse')).rejects.toMatchObject({
      seconds: expect.any(Number) as number,
    })
  })

  it('sends a number to its own data centre, where GramJS follows by itself', async () => {
    const account = await control().createAccount({ firstName: 'Alex', phone: PHONE, homeDc: 4 })
    const one = await connect(2)
    const { phoneCodeHash } = await sendCode(one)
    expect(one.client.session.dcId).toBe(4)
    await signIn(one, phoneCodeHash, await lastCode())
    const [self] = await one.client.invoke(new Api.users.GetUsers({ id: [new Api.InputUserSelf()] }))
    expect((self as Api.User).id.toJSNumber()).toBe(account.id)
  })

  describe('by a token', () => {
    const ask = ({ client }: GramJsClient) =>
      client.invoke(new Api.auth.ExportLoginToken({ ...APP, exceptIds: [] })) as Promise<Api.auth.LoginToken>
    const linkOf = ({ token }: Api.auth.LoginToken) => `tg://login?token=${token.toString('base64url')}`
    const isTold = ({ seen }: GramJsClient) =>
      seen.some((one) => (one['update'] as Api.TypeUpdate | undefined)?.className === 'UpdateLoginToken')

    it('is told of the acceptance before it is signed in, and then is', async () => {
      await control().createAccount({ firstName: 'Alex' })
      const one = await connect()
      const token = await ask(one)
      expect(token.expires).toBeGreaterThan(Date.now() / 1000)
      await control().acceptLoginToken({ token: linkOf(token) })
      await until('updateLoginToken', () => isTold(one))
      expect(await ask(one)).toMatchObject({ className: 'auth.LoginTokenSuccess' })
      await stateOf(one)
    })

    it('still owes the password', async () => {
      await control().createAccount({ firstName: 'Alex', password: 'secret' })
      const one = await connect()
      await control().acceptLoginToken({ token: linkOf(await ask(one)) })
      await expect(ask(one)).rejects.toMatchObject({ errorMessage: 'SESSION_PASSWORD_NEEDED' })
      expect(await checkPassword(one.client, 'secret')).toMatchObject({ className: 'auth.Authorization' })
    })

    it('moves to the data centre of the account', async () => {
      await control().createAccount({ firstName: 'Alex', homeDc: 4 })
      const one = await connect(2)
      await control().acceptLoginToken({ token: linkOf(await ask(one)) })
      const moved = (await ask(one)) as unknown as Api.auth.LoginTokenMigrateTo
      expect(moved).toMatchObject({ className: 'auth.LoginTokenMigrateTo', dcId: 4 })
      await one.client._switchDC(4)
      const result = await one.client.invoke(new Api.auth.ImportLoginToken({ token: moved.token }))
      expect(result).toMatchObject({ className: 'auth.LoginTokenSuccess' })
      await stateOf(one)
    })

    it('cannot be accepted too late, twice, or when it never was', async () => {
      await control().createAccount({ firstName: 'Alex' })
      const one = await connect()
      const first = linkOf(await ask(one))
      await control().acceptLoginToken({ token: first })
      await expect(control().acceptLoginToken({ token: first })).rejects.toThrow('AUTH_TOKEN_ALREADY_ACCEPTED')
      await control().setCodeOptions({ loginTokenSeconds: 0 })
      const late = linkOf(await ask(await connect()))
      await expect(control().acceptLoginToken({ token: late })).rejects.toThrow('AUTH_TOKEN_EXPIRED')
      await expect(control().acceptLoginToken({ token: 'AAAA' })).rejects.toThrow('AUTH_TOKEN_INVALID')
    })
  })

  it('takes an authorization to another data centre, for one use', async () => {
    const account = await control().createAccount({ firstName: 'Alex', phone: PHONE })
    const one = await connect(2)
    const { phoneCodeHash } = await sendCode(one)
    await signIn(one, phoneCodeHash, await lastCode())
    const ticket = await one.client.invoke(new Api.auth.ExportAuthorization({ dcId: 4 }))
    await expect(one.client.invoke(new Api.auth.ExportAuthorization({ dcId: 2 }))).rejects.toMatchObject({
      errorMessage: 'DC_ID_INVALID',
    })
    const two = await connect(4)
    const take = () => two.client.invoke(new Api.auth.ImportAuthorization({ id: ticket.id, bytes: ticket.bytes }))
    const { user } = (await take()) as Api.auth.Authorization
    expect(user.id.toJSNumber()).toBe(account.id)
    await expect(take()).rejects.toMatchObject({ errorMessage: 'AUTH_BYTES_INVALID' })
  })

  it('revokes the keys that an account has, not those it gets afterwards', async () => {
    await control().createAccount({ firstName: 'Alex', phone: PHONE })
    await control().revoke({ type: 'SESSION_REVOKED' })
    const one = await connect()
    const { phoneCodeHash } = await sendCode(one)
    await signIn(one, phoneCodeHash, await lastCode())
    await stateOf(one)
  })
})
