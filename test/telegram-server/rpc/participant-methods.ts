import type { TlObject } from '../tl/codec'
import { Mentioned } from '../world/mentioned'
import type { Account, Channel, User } from '../world/model'
import { markedChannel } from '../world/peers'
import { ADMIN_RIGHTS } from '../world/rendering'
import type { World } from '../world/world'
import type { Method } from './dispatcher'
import { readChannel, readPeer } from './peer-input'
import { RpcError } from './rpc-error'

const MAX_PAGE = 200

export function participantMethods(world: World): Record<string, Method> {
  return {
    'channels.getParticipants': (query, { account }) => participants(world, account, query),
    'channels.getParticipant': (query, { account }) => participant(world, account, query),
  }
}

/** Pages end with an empty one; in a broadcast channel only admins see who is in it. */
function participants(world: World, account: Account, query: TlObject): TlObject {
  const channel = readChannel(world, account, query['channel'] as TlObject)
  const isHidden = channel.kind === 'channel' && !channel.admins.has(account.user.id)
  if (isHidden) throw new RpcError(400, 'CHAT_ADMIN_REQUIRED')
  const [offset, limit] = [query['offset'] as number, query['limit'] as number]
  const wanted = filterOf(channel, query['filter'] as TlObject)
  const all = usersIn(world, channel).filter(wanted)
  const page = all.slice(offset, offset + Math.min(limit, MAX_PAGE))
  const mentioned = new Mentioned(world, account).add(markedChannel(channel.id))
  for (const { id } of page) mentioned.add(id)
  return {
    _: 'channels.channelParticipants',
    count: all.length,
    participants: page.map(({ id }) => render(channel, account, id)),
    ...mentioned.render(),
  }
}

function participant(world: World, account: Account, query: TlObject): TlObject {
  const channel = readChannel(world, account, query['channel'] as TlObject)
  const id = readPeer(world, account, query['participant'] as TlObject)
  if (!channel.members.has(id) && !channel.others.has(id)) throw new RpcError(400, 'USER_NOT_PARTICIPANT')
  const mentioned = new Mentioned(world, account).add(id)
  return { _: 'channels.channelParticipant', participant: render(channel, account, id), ...mentioned.render() }
}

function usersIn(world: World, { members, others }: Channel): User[] {
  return [...members, ...others].map((id) => world.users.get(id)).filter((user) => user !== undefined)
}

function filterOf({ admins }: Channel, filter: TlObject): (user: User) => boolean {
  switch (filter._) {
    case 'channelParticipantsRecent':
      return () => true
    case 'channelParticipantsAdmins':
      return ({ id }) => admins.has(id)
    case 'channelParticipantsBots':
      return ({ isBot }) => isBot
    case 'channelParticipantsSearch':
      return (user) => namesOf(user).includes((filter['q'] as string).toLowerCase())
    default:
      return () => false
  }
}

function namesOf({ firstName, lastName = '', username = '' }: User): string {
  return `${firstName} ${lastName} ${username}`.toLowerCase()
}

function render({ admins, date }: Channel, { user: self }: Account, id: number): TlObject {
  if (admins.has(id)) {
    const promoter = [...admins][0]
    return { _: 'channelParticipantAdmin', user_id: id, promoted_by: promoter, date, admin_rights: ADMIN_RIGHTS }
  }
  if (id === self.id) return { _: 'channelParticipantSelf', user_id: id, inviter_id: id, date }
  return { _: 'channelParticipant', user_id: id, date }
}
