import { chatOf, Envelopes, type EnvelopeOptions } from './envelopes'
import type { AuthKey, AuthKeys } from './mtproto/auth-keys'
import type { Session } from './mtproto/session'
import type { Trouble } from './rpc/trouble'
import type { TlObject } from './tl/codec'
import type { Layers } from './tl/layers'
import type { Account, ChangeDelivery, Delivery } from './world/model'
import type { World } from './world/world'

/**
 * `short` takes the shortest envelope that can carry the message, as Telegram does. `channelTooLong` says of a channel only
 * how far it got, `tooLong` not even that; of what is in no channel, both say the latter. `strange` is `updates` with an update, a user and
 * a chat of kinds that no client has.
 */
export type PushKind = 'updates' | 'short' | 'updateShort' | 'strange' | 'tooLong' | 'channelTooLong' | 'none'

export interface PushOptions extends EnvelopeOptions {
  /** The session that sent a message: it gets it as a result, and not once more. */
  sender?: Session
}

/** Sends envelopes to the sessions of an account, through whatever trouble was asked for. */
export class Pusher {
  private held: (() => void)[] = []
  private readonly envelopes: Envelopes

  constructor(
    private readonly world: World,
    private readonly authKeys: AuthKeys,
    private readonly layers: Layers,
    private readonly trouble: Trouble,
  ) {
    this.envelopes = new Envelopes(world, trouble)
  }

  push(deliveries: (Delivery | ChangeDelivery)[], kind: PushKind, { sender, ...options }: PushOptions = {}): void {
    if (kind === 'none') return
    for (const delivery of deliveries) {
      if (this.trouble.silentChats.has(chatOf(delivery))) continue
      const { account } = delivery
      const envelope = this.envelopes.of(delivery, kind, options)
      if (sender?.key.account === account.user.id) this.sendToOthers(account, envelope, sender)
      else this.send(account, envelope)
    }
  }

  /** Many messages for one account in one `updates` object. */
  pushTogether(account: Account, deliveries: Delivery[]): void {
    this.send(account, this.envelopes.together(account, deliveries))
  }

  /** What concerns an account and is no message. */
  announce(account: Account, envelope: TlObject): void {
    this.send(account, this.envelopes.fitted(envelope))
  }

  /** As it is. */
  send(account: Account, envelope: TlObject): void {
    if (this.trouble.pushesToLose > 0) {
      this.trouble.pushesToLose -= 1
      return
    }
    if (this.trouble.pushesToReverse > 0) return this.hold(() => this.deliver(account, envelope))
    this.deliver(account, envelope)
    if (this.trouble.pushesToRepeat === 0) return
    this.trouble.pushesToRepeat -= 1
    this.deliver(account, envelope)
  }

  /** To all sessions of the account but one; counted losing and repeating is for what the outside sends. */
  sendToOthers(account: Account, envelope: TlObject, sender: Session): void {
    const others = () => this.sessionsOf(account).filter((session) => session !== sender)
    const fitted = this.envelopes.fitted(envelope)
    this.pass(account, () => this.sendTo(others(), fitted))
  }

  /** For what concerns a key and no account: that somebody has accepted its login token. */
  sendToKey(key: AuthKey, envelope: TlObject): void {
    this.sendTo(listeningSessions(key), envelope)
  }

  async drained(): Promise<void> {
    const sessions = [...this.world.accounts.values()].flatMap((account) => this.sessionsOf(account))
    await Promise.all(sessions.map((session) => session.connection?.drained()))
  }

  /** Updates come from the home of an account only. */
  sessionsOf({ user, homeDc }: Account): Session[] {
    const keys = this.authKeys.ofAccount(user.id).filter((key) => key.dc === homeDc && !this.trouble.isRevoked(key))
    return keys.flatMap(listeningSessions)
  }

  private hold(deliver: () => void): void {
    this.held.push(deliver)
    this.trouble.pushesToReverse -= 1
    if (this.trouble.pushesToReverse > 0) return
    const held = this.held.reverse()
    this.held = []
    for (const release of held) release()
  }

  private deliver(account: Account, envelope: TlObject): void {
    this.pass(account, () => this.sendTo(this.sessionsOf(account), envelope))
  }

  private pass(account: Account, deliver: () => void): void {
    if (this.trouble.random) this.trouble.random.lineOf(account).pass(deliver)
    else deliver()
  }

  private sendTo(sessions: Session[], envelope: TlObject): void {
    const encoded = new Map<number, Buffer>()
    for (const session of sessions) {
      const layer = session.key.layer ?? this.layers.newest
      const body = encoded.get(layer) ?? this.layers.encode(layer, envelope, this.trouble.withheldAbove)
      encoded.set(layer, body)
      session.send(body, 'push')
    }
  }
}

function listeningSessions(key: AuthKey): Session[] {
  return [...key.sessions.values()].filter(({ receivesPushes }) => receivesPushes)
}
