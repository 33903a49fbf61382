import type { Random } from '../telegram-server/world/random'
import type { Content } from './contents'

/** A message as the script made it. Channels number their messages, any other chat's are numbered by account. */
export interface Told {
  chat: number
  /** Null: it is in a channel, the same for all. */
  account: number | null
  id: number
  /** What it said, oldest first, with the second from which on; a change that left the text alone says it again. */
  said: Saying[]
  content: Content
  /** What it is a part of: an album rings once. */
  album: number | null
  canBeEdited: boolean
  isDeleted: boolean
  /** Posted before anybody listened. */
  isOld: boolean
  /** By emoji, as they were told by edits, which no client can miss; null where they were told otherwise, too. */
  reactions: Record<string, number> | null | undefined
}

export interface Saying {
  text: string
  atS: number
  /** Nobody can read what was said between two others, nor whether it was. */
  isReadable: boolean
}

/** How far back a script goes when it changes something, mostly. */
const RECENT = 80

/** All that was posted so far, in order. */
export class Chronicle {
  readonly all: Told[] = []
  edits = 0
  deletions = 0
  private readonly byKey = new Map<string, Told>()

  add(told: Told): Told {
    this.all.push(told)
    this.byKey.set(keyOf(told.account, told.chat, told.id), told)
    return told
  }

  /** The message that an account has under this id. */
  find(account: number, chat: number, id: number): Told | undefined {
    return this.byKey.get(keyOf(null, chat, id)) ?? this.byKey.get(keyOf(account, chat, id))
  }

  /** One that something can still happen to, mostly of the last ones; undefined where chance finds none. */
  pick(random: Random, isFit: (told: Told) => boolean = () => true): Told | undefined {
    for (let attempt = 0; attempt < 20; attempt++) {
      const reach = random.below(6) === 0 ? this.all.length : Math.min(RECENT, this.all.length)
      const told = this.all[this.all.length - 1 - random.below(Math.max(1, reach))]
      if (told && !told.isDeleted && isFit(told)) return told
    }
    return undefined
  }
}

/** To be called right before it is said: Telegram dates edits by the second. */
export function saying(text: string, isReadable = true): Saying {
  return { text, isReadable, atS: Math.floor(Date.now() / 1000) }
}

/** How the sentinel is to store what a message says now or said before. */
export function textOf({ content }: Pick<Told, 'content'>, text: string): string {
  return [text || content.rich, ...content.lines].filter(Boolean).join('\n')
}

export function isReadable({ said }: Pick<Told, 'said'>): boolean {
  return said.at(-1)?.isReadable === true
}

function keyOf(account: number | null, chat: number, id: number): string {
  return `${account ?? ''} ${chat} ${id}`
}
