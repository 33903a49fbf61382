import type { MarkedId } from '../model'
import type { Dialog } from './dialogs'

/** A folder by its rules: named chats, kinds of chats, exceptions (core.telegram.org/api/folders). */
export interface FolderRules {
  id: number
  title: string
  pinned: ReadonlySet<MarkedId>
  include: ReadonlySet<MarkedId>
  exclude: ReadonlySet<MarkedId>
  contacts: boolean
  nonContacts: boolean
  groups: boolean
  channels: boolean
  bots: boolean
  excludeMuted: boolean
  excludeRead: boolean
  excludeArchived: boolean
}

/** Whether a chat is in a folder. What is named outweighs the kinds, and what is excluded outweighs the kinds as well. */
export function isInFolder(dialog: Dialog, folder: FolderRules): boolean {
  const { id } = dialog.chat
  if (folder.pinned.has(id) || folder.include.has(id)) return true
  if (folder.exclude.has(id) || !isOfKind(dialog, folder)) return false
  if (folder.excludeMuted && dialog.isMuted) return false
  if (folder.excludeRead && dialog.unread === 0) return false
  return !(folder.excludeArchived && dialog.isArchived)
}

function isOfKind({ chat, isContact }: Dialog, folder: FolderRules): boolean {
  switch (chat.kind) {
    case 'private':
      return isContact ? folder.contacts : folder.nonContacts
    case 'bot':
      return folder.bots
    case 'group':
    case 'supergroup':
      return folder.groups
    case 'channel':
      return folder.channels
    default:
      return chat.kind satisfies never
  }
}
