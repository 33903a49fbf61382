import type { Chat, Watch } from '../model'

type Watchable = Pick<Chat, 'id' | 'folders'>

export const WATCH_ALL: Watch = { mode: 'all', chats: [], folders: [], excluded: [] }

/** The sentinel's rule: everything, or what was picked by itself or by its folder; never what is excluded. */
export function isWatched({ mode, chats, folders, excluded }: Watch, { id, folders: own }: Watchable): boolean {
  if (excluded.includes(id)) return false
  return mode === 'all' || chats.includes(id) || own.some((folder) => folders.includes(folder))
}

/** The rules under which one chat is watched, or not, and every other one as before. */
export function withChat(watch: Watch, chat: Watchable, shallWatch: boolean): Watch {
  const rest = {
    ...watch,
    chats: watch.chats.filter((id) => id !== chat.id),
    excluded: watch.excluded.filter((id) => id !== chat.id),
  }
  if (isWatched(rest, chat) === shallWatch) return rest
  if (shallWatch) return { ...rest, chats: [...rest.chats, chat.id] }
  return { ...rest, excluded: [...rest.excluded, chat.id] }
}

export function withFolder(watch: Watch, folder: number, isPicked: boolean): Watch {
  const others = watch.folders.filter((id) => id !== folder)
  return { ...watch, folders: isPicked ? [...others, folder].sort((one, other) => one - other) : others }
}

export function isNothingWatched({ mode, chats, folders }: Watch): boolean {
  return mode === 'picked' && chats.length === 0 && folders.length === 0
}
