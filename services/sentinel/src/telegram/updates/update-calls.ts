import { SECOND } from '@tgsentinel/kernel/time'
import type { CallQueue } from '../call-queue'
import type { Connection } from '../connection'
import { inputChannelOf } from '../peer'
import { tlNumber, type TlObject } from '../tl'
import { channelOf } from './update'

export interface AccountState {
  pts: number
  qts: number
  date: number
  seq: number
}

const CALL_TIMEOUT_MS = 60 * SECOND

/**
 * What the engine asks of Telegram, each call in its turn in the queue, behind whatever somebody waits for. Answers are
 * Telegram's objects as they are.
 */
export class UpdateCalls {
  constructor(
    private readonly connection: Connection,
    private readonly queue: CallQueue,
    private readonly scope: string,
    private readonly signal: AbortSignal,
  ) {}

  /** @throws TelegramError */
  async state(): Promise<AccountState> {
    const { Api } = await import('../gramjs')
    const { pts, qts, date, seq } = await this.run('updates.getState', () => new Api.updates.GetState())
    return { pts, qts, date, seq }
  }

  /** `limit`: of updates in one answer; null: as Telegram likes. @throws TelegramError */
  async difference({ pts, qts, date }: AccountState, limit: number | null): Promise<TlObject> {
    const { Api } = await import('../gramjs')
    const answer = await this.run(
      'updates.getDifference',
      () => new Api.updates.GetDifference({ pts, qts, date, ...(limit !== null && { ptsLimit: limit }) }),
    )
    return answer as unknown as TlObject
  }

  /** `box` is the unmarked id of the channel. @throws TelegramError: PEER_UNKNOWN without an access hash among them */
  async channelDifference(box: number, pts: number, limit: number): Promise<TlObject> {
    const { Api } = await import('../gramjs')
    const channel = await inputChannelOf(this.connection, channelOf(box))
    const filter = new Api.ChannelMessagesFilterEmpty()
    const request = new Api.updates.GetChannelDifference({ channel, filter, pts, limit, force: false })
    return (await this.run('updates.getChannelDifference', () => request)) as unknown as TlObject
  }

  /** Where a channel stands now. @throws TelegramError */
  async channelPts(box: number): Promise<number> {
    const { Api } = await import('../gramjs')
    const channel = await inputChannelOf(this.connection, channelOf(box))
    const full = await this.run('channels.getFullChannel', () => new Api.channels.GetFullChannel({ channel }))
    return tlNumber((full.fullChat as unknown as TlObject)['pts']) ?? 0
  }

  private run<R extends Parameters<Connection['call']>[0]>(method: string, build: () => R): Promise<R['__response']> {
    const { scope, signal } = this
    const options = { method, scope, signal, priority: 'background' as const, timeoutMs: CALL_TIMEOUT_MS }
    return this.queue.run(options, (callSignal) => this.connection.call(build(), callSignal))
  }
}
