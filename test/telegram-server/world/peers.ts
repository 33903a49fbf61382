import type { TlObject } from '../tl/codec'

const CHANNEL_MARK = 1_000_000_000_000

export function markedChannel(id: number): number {
  return -(CHANNEL_MARK + id)
}

export function isChannel(marked: number): boolean {
  return marked < -CHANNEL_MARK
}

export function bareId(marked: number): number {
  if (marked > 0) return marked
  return isChannel(marked) ? -marked - CHANNEL_MARK : -marked
}

export function peerOf(marked: number): TlObject {
  if (marked > 0) return { _: 'peerUser', user_id: marked }
  if (isChannel(marked)) return { _: 'peerChannel', channel_id: bareId(marked) }
  return { _: 'peerChat', chat_id: bareId(marked) }
}
