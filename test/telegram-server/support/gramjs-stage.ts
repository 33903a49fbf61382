import { Api, helpers } from 'telegram'
import type { AccountInfo, Control } from '../control/control'
import { startTelegramServer, type TelegramServer } from '../server'
import { bareId, isChannel } from '../world/peers'
import { closeGramJs, gramJsClient, type GramJsClient } from './gramjs'
import { until } from './waiting'

export type Seen = GramJsClient['seen'][number]
type ChannelDifference = Api.updates.ChannelDifference
type Difference = Api.updates.Difference

const zero = helpers.returnBigInt(0)
const long = (value: bigint | number) => helpers.returnBigInt(value.toString())

/** A server with one account, a person who writes, and GramJS connected for the account. */
export class GramJsStage {
  private constructor(
    readonly server: TelegramServer,
    readonly account: AccountInfo,
    readonly friend: number,
    private readonly one: GramJsClient,
  ) {}

  static async open(): Promise<GramJsStage> {
    const server = await startTelegramServer()
    const account = await server.control.createAccount({ firstName: 'Alex', username: 'alexmorgan' })
    const { id } = await server.control.createUser({ firstName: 'Mara' })
    const one = await gramJsClient(server.port, account)
    await one.client.connect()
    await one.client.invoke(new Api.updates.GetState())
    return new GramJsStage(server, account, id, one)
  }

  get control(): Control {
    return this.server.control
  }

  get seen(): Seen[] {
    return this.one.seen
  }

  invoke<R extends Api.AnyRequest>(request: R): Promise<R['__response']> {
    return this.one.client.invoke(request)
  }

  /** Everything pushed so far, out of its envelopes. */
  updates(): Seen[] {
    return this.seen.flatMap((envelope) => {
      if (envelope.className === 'Updates') return envelope['updates'] as Seen[]
      return envelope.className === 'UpdateShort' ? [envelope['update'] as Seen] : []
    })
  }

  /** The newest update of a kind, which may have to come first. */
  async pushed(className: string): Promise<Seen> {
    return until(className, () => this.updates().findLast((update) => update.className === className))
  }

  inputChannel(chat: number): Api.InputChannel {
    return new Api.InputChannel(this.channelFields(chat))
  }

  inputPeer(chat: number): Api.TypeInputPeer {
    if (isChannel(chat)) return new Api.InputPeerChannel(this.channelFields(chat))
    if (chat < 0) return new Api.InputPeerChat({ chatId: long(-chat) })
    return new Api.InputPeerUser({
      userId: long(chat),
      accessHash: long(this.server.world.users.get(chat)!.accessHash),
    })
  }

  async history(chat: number, options: object = {}): Promise<Api.Message[]> {
    const query = { peer: this.inputPeer(chat), limit: 100, hash: zero, ...options }
    const page = (await this.invoke(new Api.messages.GetHistory(query))) as Api.messages.ChannelMessages
    return page.messages as Api.Message[]
  }

  async difference(pts: number, options: object = {}): Promise<Difference> {
    return (await this.invoke(new Api.updates.GetDifference({ pts, date: 1, qts: 0, ...options }))) as Difference
  }

  async channelDifference(chat: number, pts: number, limit = 100): Promise<ChannelDifference> {
    const filter = new Api.ChannelMessagesFilterEmpty()
    const query = { channel: this.inputChannel(chat), filter, pts, limit }
    return (await this.invoke(new Api.updates.GetChannelDifference(query))) as ChannelDifference
  }

  async dialogs(options: object = {}): Promise<Api.messages.DialogsSlice> {
    const start = { offsetDate: 0, offsetId: 0, offsetPeer: new Api.InputPeerEmpty(), limit: 100, hash: zero }
    const answer = await this.invoke(new Api.messages.GetDialogs({ ...start, ...options }))
    return answer as Api.messages.DialogsSlice
  }

  /** Marked ids, as its own reader of dialogs goes through the pages. */
  async listedByGramJs(): Promise<number[]> {
    const marked: number[] = []
    for await (const { id } of this.one.client.iterDialogs({})) marked.push(id!.toJSNumber())
    return marked
  }

  /** Posts for nobody to hear; gives its id. */
  async post(chat: number, text: string, options: object = {}): Promise<number> {
    const from = chat < 0 ? { from: this.friend } : {}
    const [posted] = await this.control.postMessage({ chat, text, ...from, push: 'none', ...options })
    return posted!.messageId
  }

  async close(): Promise<void> {
    await closeGramJs(this.one)
    await this.server.close()
  }

  private channelFields(chat: number) {
    return { channelId: long(bareId(chat)), accessHash: long(this.server.world.channelOf(chat).accessHash) }
  }
}
