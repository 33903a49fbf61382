import { useState } from 'preact/hooks'
import { apiUrl } from '../api'
import { initials } from '../format'

const TINTS = 6

interface AvatarProps {
  id: string
  title: string
  hasPhoto: boolean
}

/** The photo, or the first letters; the title stands beside it, so that it says nothing by itself. */
export function Avatar({ id, title, hasPhoto }: AvatarProps) {
  const [isMissing, setMissing] = useState(false)
  if (hasPhoto && !isMissing) {
    return (
      <img
        class="avatar"
        src={apiUrl(`telegram/chats/${id}/photo`)}
        alt=""
        width={44}
        height={44}
        loading="lazy"
        decoding="async"
        onError={() => setMissing(true)}
      />
    )
  }
  return (
    <span class={`avatar tint-${Math.abs(Number(id)) % TINTS}`} aria-hidden="true">
      {initials(title)}
    </span>
  )
}
