import { observationControl } from './control/observation-control'
import type { Control } from './control/control'
import { troubleControl } from './control/trouble-control'
import { provision, worldControl } from './control/world-control'
import { DayPlayer } from './day/day-player'
import { Listener } from './listener'
import { AuthKeys } from './mtproto/auth-keys'
import { MessageIntake } from './mtproto/message-intake'
import { Pusher } from './pusher'
import { accountMethods } from './rpc/account-methods'
import { CallLog } from './rpc/call-log'
import { dialogMethods } from './rpc/dialog-methods'
import { differenceMethods, TELEGRAM_LIMITS } from './rpc/difference-methods'
import { Dispatcher, type Method } from './rpc/dispatcher'
import { historyMethods } from './rpc/history-methods'
import { Trouble } from './rpc/trouble'
import { Layers } from './tl/layers'
import { Random } from './world/random'
import { World } from './world/world'

export interface TelegramServerOptions {
  seed?: number
  /** 0 lets the system choose. */
  port?: number
  /** Fills the world with the scripted day and plays it after the first API call. */
  day?: boolean
  /** Between two messages once the day has been played. */
  dayIntervalMs?: number
}

export interface TelegramServer {
  readonly port: number
  readonly world: World
  readonly layers: Layers
  readonly control: Control
  close(): Promise<void>
}

const DEFAULT_SEED = 1

export async function startTelegramServer(options: TelegramServerOptions = {}): Promise<TelegramServer> {
  const { seed = DEFAULT_SEED, port = 0, day = false, dayIntervalMs } = options
  const world = new World(seed, () => Math.floor(Date.now() / 1000))
  const layers = new Layers()
  const authKeys = new AuthKeys()
  const trouble = new Trouble()
  const callLog = new CallLog()
  const limits = { ...TELEGRAM_LIMITS }
  const random = new Random(seed)
  const pusher = new Pusher(world, authKeys, layers, trouble)
  const player = new DayPlayer(world, pusher, seed, (account) => provision(authKeys, account), dayIntervalMs)

  const methods = new Map<string, Method>(
    Object.entries({
      ...accountMethods(world, () => listener.port),
      ...historyMethods(world),
      ...dialogMethods(world),
      ...differenceMethods(world, limits),
    }),
  )
  const dispatcher = new Dispatcher(world, methods, layers, trouble, callLog, () => player.sessionArrived())
  const intake = new MessageIntake(dispatcher.call, () => random.long())
  const listener: Listener = new Listener(port, authKeys, trouble, intake.receive)
  await listener.listen()

  const control: Control = {
    ...worldControl(world, authKeys, pusher, () => listener.port),
    ...troubleControl(world, authKeys, trouble, limits, listener),
    ...observationControl(world, authKeys, callLog, listener, player, layers.newest),
  }
  if (day) player.prepare()

  return {
    get port() {
      return listener.port
    },
    world,
    layers,
    control,
    async close() {
      player.stop()
      dispatcher.close()
      await listener.stop()
    },
  }
}
