import type { TlObject } from '../tl/codec'
import type { OpenMethod } from './dispatcher'
import type { Freeze, Trouble } from './trouble'

const HOUR_SECONDS = 3600
const COUNTRIES = [
  ['US', 'United States', '1'],
  ['DE', 'Germany', '49'],
  ['UA', 'Ukraine', '380'],
] as const

/** What a client may ask before anybody has signed in. */
export function helpMethods(
  now: () => number,
  ports: () => Record<number, number>,
  trouble: Trouble,
): Record<string, OpenMethod> {
  return {
    'help.getConfig': (_query, { key }) => config(now(), key.dc, ports()),
    'help.getNearestDc': (_query, { key }) => ({ _: 'nearestDc', country: 'NL', this_dc: key.dc, nearest_dc: key.dc }),
    'help.getAppConfig': (_query, { key }) => appConfig(trouble.frozen.get(key.account)),
    'help.getCountriesList': () => ({ _: 'help.countriesList', countries: COUNTRIES.map(country), hash: 1 }),
    'langpack.getLanguages': () => [],
    'langpack.getStrings': () => [],
    'langpack.getLangPack': ({ lang_code }) => ({
      _: 'langPackDifference',
      lang_code,
      from_version: 0,
      version: 1,
      strings: [],
    }),
  }
}

function appConfig(freeze: Freeze | undefined): TlObject {
  const value = (key: string, own: TlObject): TlObject => ({ _: 'jsonObjectValue', key, value: own })
  const number = (of: number): TlObject => ({ _: 'jsonNumber', value: of })
  const frozen = freeze && [
    value('freeze_since_date', number(freeze.since)),
    value('freeze_until_date', number(freeze.until)),
    value('freeze_appeal_url', { _: 'jsonString', value: freeze.appealUrl }),
  ]
  return { _: 'help.appConfig', hash: 1, config: { _: 'jsonObject', value: frozen ?? [] } }
}

function country([iso2, name, prefix]: (typeof COUNTRIES)[number]): TlObject {
  const codes = [{ _: 'help.countryCode', country_code: prefix }]
  return { _: 'help.country', iso2, default_name: name, country_codes: codes }
}

function config(now: number, dc: number, ports: Record<number, number>): TlObject {
  return {
    _: 'config',
    date: now,
    expires: now + HOUR_SECONDS,
    test_mode: false,
    this_dc: dc,
    dc_options: Object.entries(ports).map(([id, port]) => ({
      _: 'dcOption',
      static: true,
      id: Number(id),
      ip_address: '127.0.0.1',
      port,
    })),
    dc_txt_domain_name: '',
    chat_size_max: 200,
    megagroup_size_max: 200_000,
    forwarded_count_max: 100,
    ...TIMINGS,
    me_url_prefix: 'https://t.me/',
    caption_length_max: 1024,
    message_length_max: 4096,
    webfile_dc_id: dc,
  }
}

const TIMINGS = {
  online_update_period_ms: 210_000,
  offline_blur_timeout_ms: 5_000,
  offline_idle_timeout_ms: 30_000,
  online_cloud_timeout_ms: 300_000,
  notify_cloud_delay_ms: 30_000,
  notify_default_delay_ms: 1_500,
  push_chat_period_ms: 60_000,
  push_chat_limit: 2,
  edit_time_limit: 172_800,
  revoke_time_limit: 2_147_483_647,
  revoke_pm_time_limit: 2_147_483_647,
  rating_e_decay: 2_419_200,
  stickers_recent_limit: 200,
  channels_read_media_period: 604_800,
  call_receive_timeout_ms: 20_000,
  call_ring_timeout_ms: 90_000,
  call_connect_timeout_ms: 30_000,
  call_packet_timeout_ms: 10_000,
}
