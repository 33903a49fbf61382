import type { Control } from '../telegram-server/control/control'
import { silentChannels, type Cast } from './cast'
import type { Mishap, Plan } from './plan'

/** Brings about what a plan says is to go wrong at Telegram and on the way. */
export class Mischief {
  private isClosed = false

  constructor(
    private readonly control: Control,
    private readonly plan: Plan,
    private readonly cast: Cast,
  ) {}

  async begin(): Promise<void> {
    await this.control.setRandomTrouble(this.plan.trouble)
    await this.control.setDifferenceLimits(this.plan.limits)
    await this.control.setNewsOfChannels({ enabled: this.plan.tellsOfChannels })
    await this.control.setGzipOver({ sizeBytes: this.plan.gzipOverBytes })
    await this.silence(silentChannels(this.cast))
  }

  async at(step: number): Promise<void> {
    for (const mishap of this.plan.mishaps) if (mishap.step === step) await this.bringAbout(mishap)
  }

  /** All trouble is over, but that some channels are still not pushed. */
  async end(silent: number[]): Promise<void> {
    await this.control.clearTrouble()
    await this.silence(silent)
  }

  /** The chat that an account is out of now, and who is in it. */
  closedTo(account: number): { chat: number; witness: number } | null {
    const [first, witness] = this.cast.accounts
    if (!this.isClosed || account !== first || witness === undefined) return null
    return { chat: this.cast.toClose, witness }
  }

  private async silence(chats: number[]): Promise<void> {
    for (const chat of chats) await this.control.setPushed({ chat, pushed: false })
  }

  private async bringAbout(mishap: Mishap): Promise<void> {
    const { control } = this
    switch (mishap.type) {
      case 'drop':
        return control.dropConnections()
      case 'restart':
        return control.restart()
      case 'salts':
        return control.changeSalts()
      case 'flood':
        return control.floodWait(mishap)
      case 'fail':
        return control.failMethod({ ...mishap, type: mishap.error })
      case 'peers':
        await control.setMinPeers({ enabled: mishap.min })
        return control.setOmittedPeers({ enabled: mishap.omitted })
      case 'membership':
        return this.setMember(mishap)
      default:
        return mishap satisfies never
    }
  }

  private async setMember({ isMember, isTold }: Extract<Mishap, { type: 'membership' }>): Promise<void> {
    this.isClosed = !isMember
    const { toClose: chat, accounts } = this.cast
    const push = isTold ? 'updates' : 'none'
    await this.control.setMember({ chat, account: accounts[0] as number, member: isMember, push })
  }
}
