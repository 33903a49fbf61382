import { changeControl } from './control/change-control'
import { chatControl } from './control/chat-control'
import { BotScripts } from './bot-scripts'
import type { Control } from './control/control'
import { observationControl } from './control/observation-control'
import { signInControl } from './control/sign-in-control'
import { troubleControl } from './control/trouble-control'
import { provision, worldControl } from './control/world-control'
import { DataCentres } from './data-centres'
import { DayPlayer } from './day/day-player'
import { Listener } from './listener'
import { AuthKeys } from './mtproto/auth-keys'
import { MessageIntake } from './mtproto/message-intake'
import { RsaKey } from './mtproto/rsa-key'
import { Pusher } from './pusher'
import { accountMethods } from './rpc/account-methods'
import { chatMethods } from './rpc/chat-methods'
import { fileMethods } from './rpc/file-methods'
import { participantMethods } from './rpc/participant-methods'
import { peopleMethods } from './rpc/people-methods'
import { CallLog } from './rpc/call-log'
import { dialogMethods } from './rpc/dialog-methods'
import { differenceMethods, TELEGRAM_LIMITS } from './rpc/difference-methods'
import { Dispatcher } from './rpc/dispatcher'
import { helpMethods } from './rpc/help-methods'
import { historyMethods } from './rpc/history-methods'
import { membershipMethods } from './rpc/membership-methods'
import { Sending } from './rpc/sending-methods'
import { codeMethods, tokenMethods } from './rpc/sign-in-methods'
import { Transfers } from './rpc/transfer-methods'
import { topicMethods } from './rpc/topic-methods'
import { Trouble } from './rpc/trouble'
import { LoginTokens } from './sign-in/login-tokens'
import { PasswordGate } from './sign-in/password-gate'
import { PhoneCodes } from './sign-in/phone-codes'
import { SIGN_IN_DEFAULTS } from './sign-in/sign-in-options'
import { Layers } from './tl/layers'
import { Random } from './world/random'
import { World } from './world/world'

/**
 * A Telegram of our own on loopback: one world of accounts, chats and messages behind one or several data centres, spoken
 * to by MTProto. `control` sets it up and breaks it; what it guarantees is said there, operation by operation. Methods that
 * are not served answer INPUT_METHOD_INVALID.
 */

export interface TelegramServerOptions {
  seed?: number
  /** Of the first data centre; 0 lets the system choose, as it does for the others. */
  port?: number
  /** Numbers of the data centres, the home of most accounts first. */
  dcs?: [number, ...number[]]
  /** The RSA key of the handshake in PEM; one is made for the process if left out. */
  privateKeyPem?: string
  /** Fills the world with the scripted day and plays it after the first API call. */
  day?: boolean
  /** Between two messages once the day has been played. */
  dayIntervalMs?: number
}

export interface TelegramServer {
  /** Of the first data centre. */
  readonly port: number
  /** By data centre. */
  readonly ports: Record<number, number>
  /** PKCS#1; the other form and the fingerprint are in `control.state()`. */
  readonly publicKeyPem: string
  readonly world: World
  readonly layers: Layers
  readonly control: Control
  close(): Promise<void>
}

const DEFAULT_SEED = 1

export async function startTelegramServer(options: TelegramServerOptions = {}): Promise<TelegramServer> {
  const { seed = DEFAULT_SEED, port = 0, dcs = [2], privateKeyPem, day = false, dayIntervalMs } = options
  const world = new World(seed, () => Math.floor(Date.now() / 1000), dcs[0])
  const layers = new Layers()
  const authKeys = new AuthKeys()
  const rsa = rsaKeySource(privateKeyPem)
  const trouble = new Trouble()
  const callLog = new CallLog()
  const limits = { ...TELEGRAM_LIMITS }
  const random = new Random(seed)
  const pusher = new Pusher(world, authKeys, layers, trouble)
  const player = new DayPlayer(world, pusher, seed, (account) => provision(authKeys, account), dayIntervalMs)
  const bots = new BotScripts(world, pusher)
  const signInOptions = structuredClone(SIGN_IN_DEFAULTS)
  const codes = new PhoneCodes(signInOptions, world.now)
  const gate = new PasswordGate(signInOptions, world.now)
  const tokens = new LoginTokens(signInOptions, world.now)
  const transfers = new Transfers(world, dcs)

  const openMethods = {
    ...helpMethods(world.now, () => centres.ports, trouble),
    ...codeMethods(world, codes, gate),
    ...tokenMethods(world, tokens),
    ...transfers.openMethods,
  }
  const methods = {
    ...accountMethods,
    ...peopleMethods(world),
    ...chatMethods(world),
    ...participantMethods(world),
    ...fileMethods(world),
    ...membershipMethods(world, pusher),
    ...new Sending(world, pusher, bots).methods,
    ...transfers.methods,
    ...historyMethods(world),
    ...dialogMethods(world),
    ...topicMethods(world),
    ...differenceMethods(world, limits, trouble),
  }
  const dispatcher = new Dispatcher(world, openMethods, methods, layers, trouble, callLog, () =>
    player.sessionArrived(),
  )
  const intake = new MessageIntake(dispatcher.call, () => random.long())
  const [home, ...others] = dcs
  const listener = (dc: number, at: number) => new Listener(dc, at, rsa, authKeys, trouble, intake.receive)
  const centres: DataCentres = new DataCentres([listener(home, port), ...others.map((dc) => listener(dc, 0))])
  await centres.listen()

  const control: Control = {
    ...worldControl(world, authKeys, pusher, centres),
    ...chatControl(world, bots, pusher),
    ...changeControl(world, pusher),
    ...signInControl(world, signInOptions, codes, tokens, pusher),
    ...troubleControl(world, authKeys, trouble, limits, centres),
    ...observationControl(world, authKeys, callLog, centres, rsa, player, layers.newest, trouble),
  }
  if (day) player.prepare()

  return {
    get port() {
      return centres.port
    },
    get ports() {
      return centres.ports
    },
    get publicKeyPem() {
      return rsa().report().pkcs1
    },
    world,
    layers,
    control,
    async close() {
      player.stop()
      bots.close()
      dispatcher.close()
      trouble.random?.drop()
      await centres.stop()
    },
  }
}

let keyOfProcess: RsaKey | undefined

/** Made when it is first needed, and once for all servers of a process: most tests need none, and it takes a while. */
function rsaKeySource(pem: string | undefined): () => RsaKey {
  const given = pem === undefined ? undefined : RsaKey.fromPem(pem)
  return () => given ?? (keyOfProcess ??= RsaKey.generate())
}
