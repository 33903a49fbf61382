import type { DayPlayer } from '../day/day-player'
import type { DataCentres } from '../data-centres'
import type { AuthKeys } from '../mtproto/auth-keys'
import type { RsaKey } from '../mtproto/rsa-key'
import type { CallLog } from '../rpc/call-log'
import type { Trouble } from '../rpc/trouble'
import { markedChannel } from '../world/peers'
import type { World } from '../world/world'
import type { Control, StateReport } from './control'
import { truthOf } from './truth'

type ObservationControl = Pick<Control, 'calls' | 'callOrder' | 'clearCalls' | 'state' | 'startDay' | 'truth'>

export function observationControl(
  world: World,
  authKeys: AuthKeys,
  callLog: CallLog,
  centres: DataCentres,
  rsa: () => RsaKey,
  player: DayPlayer,
  newestLayer: number,
  trouble: Trouble,
): ObservationControl {
  return {
    calls: async () => callLog.read(),
    callOrder: async (options) => callLog.order(options),
    clearCalls: async () => callLog.clear(),
    truth: async ({ account } = {}) => truthOf(world, world.accountOf(account), trouble.silentChats),
    startDay: async (options) => player.start(options?.intervalMs),
    state: async () => ({
      port: centres.port,
      ports: centres.ports,
      publicKey: rsa().report(),
      connections: centres.connectionCount,
      packets: centres.packetCount,
      sessions: sessionsOf(authKeys, newestLayer),
      ...boxesOf(world),
      day: player.progress(),
    }),
  }
}

function sessionsOf(authKeys: AuthKeys, newestLayer: number): StateReport['sessions'] {
  return authKeys
    .all()
    .flatMap(({ account, dc, layer = newestLayer, sessions }) =>
      [...sessions.values()].map(({ receivesPushes }) => ({ account, dc, layer, receivesPushes })),
    )
}

function boxesOf(world: World): Pick<StateReport, 'accounts' | 'channels'> {
  return {
    accounts: [...world.accounts.values()].map(({ user, box, qts, seq, messages }) => ({
      id: user.id,
      pts: box.pts,
      qts,
      seq,
      messages: messages.size,
    })),
    channels: [...world.channels.values()].map(({ id, title, box, history }) => ({
      chat: markedChannel(id),
      title,
      pts: box.pts,
      messages: history.length,
    })),
  }
}
