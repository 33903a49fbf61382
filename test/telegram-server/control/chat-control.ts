import type { BotScripts } from '../bot-scripts'
import type { Pusher } from '../pusher'
import type { World } from '../world/world'
import type { Control } from './control'

type ChatControl = Pick<
  Control,
  | 'deleteUser'
  | 'addParticipants'
  | 'setAdmin'
  | 'setChatRules'
  | 'setPhoto'
  | 'setDialog'
  | 'createFolder'
  | 'setBotReplies'
>

/** Telegram's own folder is 0, and 1 is kept for the archive. */
const FIRST_FOLDER_ID = 2

export function chatControl(world: World, bots: BotScripts, pusher: Pusher): ChatControl {
  return {
    async addParticipants({ chat, users = [], count = 0, admin = false }) {
      const { others, admins } = world.chatOf(chat)
      const number = others.size
      const made = Array.from({ length: count }, (_, index) => {
        const name = number + index + 1
        return world.createUser({ firstName: 'Person', lastName: String(name), username: `person_${-chat}_${name}` }).id
      })
      const added = [...users, ...made]
      for (const id of added) {
        others.add(id)
        if (admin) admins.add(id)
      }
      return { users: added }
    },
    async setAdmin({ chat, user, isAdmin }) {
      const { admins, members, kind, id } = world.chatOf(chat)
      if (isAdmin) admins.add(user)
      else admins.delete(user)
      if (kind !== 'group') return
      const update = { _: 'updateChatParticipantAdmin', chat_id: id, user_id: user, is_admin: isAdmin, version: 2 }
      const envelope = { _: 'updates', updates: [update], users: [], chats: [], date: world.now(), seq: 0 }
      for (const member of members) pusher.announce(world.accountOf(member), envelope)
    },
    async deleteUser({ user }) {
      const known = world.users.get(user)
      if (!known) throw new Error(`No user ${user}`)
      known.isDeleted = true
    },
    setBotReplies: async ({ bot, replies }) => bots.set(bot, replies),
    setChatRules: async ({ chat, ...rules }) => void Object.assign(world.chatOf(chat), rules),
    setPhoto: async ({ peer, dc }) => ({ photoId: world.setPhoto(peer, dc).id.toString() }),
    async setDialog({ chat, account, isPinned = false, folderId = 0 }) {
      world.accountOf(account).dialogSettings.set(chat, { isPinned, folderId })
    },
    async createFolder({ account, title, emoticon, pinned = [], include = [], exclude = [], flags = [] }) {
      const { folders } = world.accountOf(account)
      const id = FIRST_FOLDER_ID + folders.length
      folders.push({ id, title, pinned, include, exclude, flags, ...(emoticon === undefined ? {} : { emoticon }) })
      return { id }
    },
  }
}
