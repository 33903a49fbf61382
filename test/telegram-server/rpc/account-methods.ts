import type { TlObject } from '../tl/codec'
import { renderUser } from '../world/rendering'
import type { Account } from '../world/model'
import type { World } from '../world/world'
import type { Method } from './dispatcher'
import { readUser } from './peer-input'

const DC = 2
const HOUR_SECONDS = 3600

export function accountMethods(world: World, port: () => number): Record<string, Method> {
  return {
    'help.getConfig': () => config(world.now(), port()),
    'help.getNearestDc': () => ({ _: 'nearestDc', country: 'NL', this_dc: DC, nearest_dc: DC }),
    'users.getUsers': (query, { account }) =>
      (query['id'] as TlObject[]).map((input) => renderUser(readUser(world, account, input), account)),
    'users.getFullUser': (query, { account }) => fullUser(world, account, query['id'] as TlObject),
    'account.updateStatus': () => true,
    'auth.logOut': (_query, { session }) => {
      session.key.isAuthorized = false
      return { _: 'auth.loggedOut' }
    },
  }
}

function fullUser(world: World, account: Account, input: TlObject): TlObject {
  const user = readUser(world, account, input)
  const settings = { _: 'peerSettings' }
  const full = { _: 'userFull', id: user.id, about: user.about, settings, common_chats_count: 0 }
  return {
    _: 'users.userFull',
    full_user: { ...full, notify_settings: { _: 'peerNotifySettings' } },
    chats: [],
    users: [renderUser(user, account)],
  }
}

function config(now: number, port: number): TlObject {
  return {
    _: 'config',
    date: now,
    expires: now + HOUR_SECONDS,
    test_mode: false,
    this_dc: DC,
    dc_options: [{ _: 'dcOption', static: true, id: DC, ip_address: '127.0.0.1', port }],
    dc_txt_domain_name: '',
    chat_size_max: 200,
    megagroup_size_max: 200_000,
    forwarded_count_max: 100,
    ...TIMINGS,
    me_url_prefix: 'https://t.me/',
    caption_length_max: 1024,
    message_length_max: 4096,
    webfile_dc_id: DC,
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
