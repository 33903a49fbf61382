import type { ProxiesView, ProxyTest } from '../model'
import type { Dialing } from './dialing'
import { ProxyTrials, type ProbeTarget } from './trials'

export interface OfficeOptions {
  dialing: Dialing
  target: ProbeTarget
  /** What is connected is to be dialled anew. */
  onReplaced: () => Promise<void>
}

/** What the owner may do about proxies: see, set, test and remove them. */
export class ProxyOffice {
  private readonly trials: ProxyTrials

  constructor(private readonly options: OfficeOptions) {
    this.trials = new ProxyTrials(options.dialing, options.target)
  }

  get view(): ProxiesView {
    return this.options.dialing.proxies.view
  }

  /** @throws ApiError */
  async replace(links: readonly string[]): Promise<ProxiesView> {
    this.options.dialing.proxies.replace(links)
    await this.options.onReplaced()
    return this.view
  }

  /** @throws ApiError */
  async remove(): Promise<ProxiesView> {
    this.options.dialing.proxies.remove()
    await this.options.onReplaced()
    return this.view
  }

  /** @throws ApiError */
  test(links: readonly string[] | undefined, signal: AbortSignal): Promise<ProxyTest[]> {
    return this.trials.run(links, signal)
  }
}
