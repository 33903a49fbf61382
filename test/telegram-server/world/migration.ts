import type { BasicGroup, Channel, Delivery } from './model'
import type { World } from './world'

/**
 * Makes a supergroup of a basic group, with the same people. Both chats begin or end with a service message that names the
 * other; the old messages stay where they are.
 */
export function migrateGroup(world: World, marked: number): { chat: number; deliveries: Delivery[] } {
  const group = world.chatOf(marked)
  if (group.kind !== 'group') throw new Error(`Chat ${marked} is no basic group`)
  if (group.migratedTo) throw new Error(`Chat ${marked} has become a supergroup`)
  const chat = createSuccessor(world, group)
  const channel = world.channelOf(chat)
  const author = [...group.admins, ...group.others, ...group.members][0]
  const said = { text: '', ...(author === undefined ? {} : { from: author }) }
  const last = { _: 'messageActionChatMigrateTo', channel_id: channel.id }
  const first = { _: 'messageActionChannelMigrateFrom', title: group.title, chat_id: group.id }
  const ending = world.post({ chat: marked, action: last, ...said })
  group.migratedTo = channel
  return { chat, deliveries: [...ending, ...world.post({ chat, action: first, ...said })] }
}

function createSuccessor(world: World, group: BasicGroup): number {
  const { title, members, others, admins, about, photo } = group
  const options = { title, members: [...members], admins: [...admins], ...(about === undefined ? {} : { about }) }
  const chat = world.createChannel('supergroup', options)
  const channel = world.channelOf(chat)
  // It was not made as a supergroup: there is no message that says so before its first one.
  const carried: Partial<Channel> = { others: new Set(others), lastMessageId: 0, ...(photo ? { photo } : {}) }
  Object.assign(channel, carried)
  return chat
}
