import { dataCentreAddress, isAllowedDataCentre } from '@tgsentinel/session-codec/session-codec'
import type { DataCentre } from '../config'
import type { Api } from './gramjs'
import { TelegramError } from './telegram-error'

/**
 * Where a data centre is: as Telegram's own configuration has it, as far as we may dial it, else as it is published.
 * @throws TelegramError DC_UNKNOWN
 */
export function dataCentreOf(
  config: Pick<Api.Config, 'dcOptions'> | null,
  dcId: number,
  isTest: boolean,
  allow: readonly string[],
): DataCentre {
  const option = config?.dcOptions.find(
    ({ id, ipAddress, port, ipv6, mediaOnly, tcpoOnly, cdn }) =>
      id === dcId && !ipv6 && !mediaOnly && !tcpoOnly && !cdn && isAllowedDataCentre(ipAddress, port, allow),
  )
  if (option) return { dcId, address: option.ipAddress, port: option.port }
  const address = dataCentreAddress(dcId, isTest)
  if (!address) throw new TelegramError('DC_UNKNOWN', 0, dcId)
  return { dcId, address, port: 443 }
}
