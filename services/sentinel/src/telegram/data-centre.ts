import { isIPv6 } from 'node:net'
import {
  dataCentreAddress,
  isAllowedDataCentre,
  isTelegramAddress,
  isTestDataCentre,
} from '@tgsentinel/session-codec/session-codec'
import type { DataCentre, IpVersion } from '../config'
import type { DataCentrePlace } from '../proxies/dialing'
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

/** What an MTProxy adds to the id of a test server. */
const TEST_MARK = 10_000
const PORT = 443

/**
 * What is dialled for a data centre: its addresses by the versions of IP that are wanted, in that order. An address that is not
 * Telegram's was named by the owner, and is dialled as it stands.
 */
export function placeOf(
  { dcId, address, port }: DataCentre,
  ip: readonly IpVersion[],
  isMedia: boolean,
): DataCentrePlace {
  const isTest = isTestDataCentre(address)
  const number = isTest ? dcId + TEST_MARK : dcId
  const own: IpVersion = isIPv6(address) ? '6' : '4'
  const byVersion = (version: IpVersion) => {
    if (version === own) return [{ address, port }]
    const other = dataCentreAddress(dcId, isTest, version)
    return other === undefined ? [] : [{ address: other, port: PORT }]
  }
  const addresses = isTelegramAddress(address) ? ip.flatMap(byVersion) : [{ address, port }]
  return { dcId: isMedia ? -number : number, addresses }
}
