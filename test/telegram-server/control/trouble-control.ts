import type { DataCentres } from '../data-centres'
import type { AuthKeys } from '../mtproto/auth-keys'
import type { DifferenceLimits } from '../rpc/difference-methods'
import { RandomTrouble } from '../rpc/random-trouble'
import { RpcError } from '../rpc/rpc-error'
import type { Trouble } from '../rpc/trouble'
import type { World } from '../world/world'
import type { Control } from './control'

type TroubleControl = Pick<
  Control,
  | 'floodWait'
  | 'failMethod'
  | 'delayMethod'
  | 'revoke'
  | 'forgetKey'
  | 'changeSalts'
  | 'dropConnections'
  | 'setMuted'
  | 'losePushes'
  | 'repeatPushes'
  | 'reversePushes'
  | 'setPushed'
  | 'setClockOffset'
  | 'setGzipOver'
  | 'setDifferenceLimits'
  | 'setChannelTimeout'
  | 'setMinPeers'
  | 'setOmittedPeers'
  | 'setNewsOfChannels'
  | 'withholdAbove'
  | 'freeze'
  | 'setRandomTrouble'
  | 'restart'
  | 'stopListening'
  | 'startListening'
  | 'clearTrouble'
>

export function troubleControl(
  world: World,
  authKeys: AuthKeys,
  trouble: Trouble,
  limits: DifferenceLimits,
  centres: DataCentres,
): TroubleControl {
  return {
    floodWait: async ({ method, seconds, times = 1 }) =>
      trouble.fail({ method, code: 420, type: `FLOOD_WAIT_${seconds}`, times }),
    failMethod: async (options) => trouble.fail({ times: 1, ...options }),
    delayMethod: async (options) => trouble.delay({ times: 1, ...options }),
    async revoke({ account, type }) {
      const code = type === 'AUTH_KEY_DUPLICATED' ? 406 : 401
      const { user } = world.accountOf(account)
      for (const key of authKeys.ofAccount(user.id)) trouble.revoke(key, new RpcError(code, type))
    },
    forgetKey: async ({ account }) => void trouble.forgottenAccounts.add(world.accountOf(account).user.id),
    changeSalts: async () => changeSalts(authKeys),
    dropConnections: async () => centres.dropAll(),
    setMuted: async ({ muted }) => void (trouble.isMuted = muted),
    losePushes: async ({ count }) => void (trouble.pushesToLose = count),
    repeatPushes: async ({ count }) => void (trouble.pushesToRepeat = count),
    reversePushes: async ({ count }) => void (trouble.pushesToReverse = count),
    async setPushed({ chat, pushed }) {
      if (pushed) trouble.silentChats.delete(chat)
      else trouble.silentChats.add(chat)
    },
    setClockOffset: async ({ seconds }) => void (trouble.clockOffsetSeconds = seconds),
    setGzipOver: async ({ sizeBytes }) => void (trouble.gzipOverBytes = sizeBytes),
    setDifferenceLimits: async (options) => void Object.assign(limits, options),
    setChannelTimeout: async ({ seconds }) => void (limits.channelTimeoutSeconds = seconds),
    setMinPeers: async ({ enabled }) => void (trouble.hasMinPeers = enabled),
    setOmittedPeers: async ({ enabled }) => void (trouble.omitsPeers = enabled),
    setNewsOfChannels: async ({ enabled }) => void (trouble.tellsOfChannels = enabled),
    withholdAbove: async ({ layer }) => void (trouble.withheldAbove = layer),
    freeze: async ({ account, ...freeze }) => void trouble.frozen.set(world.accountOf(account).user.id, freeze),
    async setRandomTrouble(options) {
      trouble.random?.flush()
      trouble.random = new RandomTrouble(options)
    },
    async restart() {
      trouble.random?.drop()
      await centres.stop()
      for (const { sessions } of authKeys.all()) sessions.clear()
      changeSalts(authKeys)
      await centres.listen()
    },
    stopListening: () => centres.stop(),
    startListening: () => centres.listen(),
    clearTrouble: async () => trouble.clear(),
  }
}

function changeSalts(authKeys: AuthKeys): void {
  for (const key of authKeys.all()) key.salt = BigInt.asIntN(64, key.salt + 1n)
}
