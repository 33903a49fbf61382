import type { TlObject } from '../tl/codec'
import { Mentioned } from '../world/mentioned'
import type { Account, Channel, Topic } from '../world/model'
import { markedChannel, peerOf } from '../world/peers'
import type { World } from '../world/world'
import type { Method } from './dispatcher'
import { readAnyChannel, readPeer } from './peer-input'
import { RpcError } from './rpc-error'

const GENERAL: Topic = { id: 1, title: 'General' }
const MAX_PAGE = 100

/** Telegram moved the list of topics from channels.* to messages.* in a layer between the two that are served here. */
export function topicMethods(world: World): Record<string, Method> {
  return {
    'messages.getForumTopics': (query, { account }) =>
      topics(world, account, world.channelOf(readPeer(world, account, query['peer'] as TlObject)), query),
    'channels.getForumTopics': (query, { account }) =>
      topics(world, account, readAnyChannel(world, query['channel'] as TlObject), query),
  }
}

/** General first, then by rising id; `offset_topic` is exclusive. */
function topics(world: World, account: Account, channel: Channel, query: TlObject): TlObject {
  if (channel.kind !== 'forum') throw new RpcError(400, 'CHANNEL_FORUM_MISSING')
  const all = [GENERAL, ...channel.topics]
  const offset = query['offset_topic'] as number
  const page = all.filter(({ id }) => id > offset).slice(0, Math.min(query['limit'] as number, MAX_PAGE))
  const chat = markedChannel(channel.id)
  return {
    _: 'messages.forumTopics',
    count: all.length,
    topics: page.map((topic) => topicPart(topic, chat, channel)),
    messages: [],
    ...new Mentioned(world, account).add(chat).render(),
    pts: channel.box.pts,
  }
}

function topicPart({ id, title }: Topic, chat: number, { date, lastMessageId }: Channel): TlObject {
  const unread = ['unread_count', 'unread_mentions_count', 'unread_reactions_count', 'unread_poll_votes_count']
  return {
    _: 'forumTopic',
    ...{ id, date, title, peer: peerOf(chat), icon_color: 0x6fb9f0, top_message: lastMessageId },
    ...{ read_inbox_max_id: 0, read_outbox_max_id: 0 },
    ...Object.fromEntries(unread.map((name) => [name, 0])),
    from_id: peerOf(chat),
    notify_settings: { _: 'peerNotifySettings' },
  }
}
