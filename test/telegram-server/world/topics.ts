import type { Channel, Delivery } from './model'
import type { World } from './world'

const ICON_COLOUR = 0x6fb9f0

export interface NewTopic {
  chat: number
  title: string
  /** Who made it: a user id. */
  from?: number
}

/** A topic bears the id of the service message that announces it. */
export function createTopic(world: World, { chat, title, from }: NewTopic): { topic: number; deliveries: Delivery[] } {
  const channel = forumOf(world, chat)
  const action = { _: 'messageActionTopicCreate', title, icon_color: ICON_COLOUR }
  const deliveries = world.post({ chat, text: '', action, ...(from === undefined ? {} : { from }) })
  const topic = channel.lastMessageId
  channel.topics.push({ id: topic, title })
  return { topic, deliveries }
}

export function renameTopic(world: World, { topic, ...renamed }: NewTopic & { topic: number }): Delivery[] {
  const { chat, title, from } = renamed
  const known = forumOf(world, chat).topics.find(({ id }) => id === topic)
  if (!known) throw new Error(`No topic ${topic} in chat ${chat}`)
  known.title = title
  const action = { _: 'messageActionTopicEdit', title }
  return world.post({ chat, text: '', action, topic, ...(from === undefined ? {} : { from }) })
}

function forumOf(world: World, chat: number): Channel {
  const channel = world.channelOf(chat)
  if (channel.kind !== 'forum') throw new Error(`Chat ${chat} is no forum`)
  return channel
}
