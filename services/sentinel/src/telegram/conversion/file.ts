import type { MessageFile } from '../../model'
import { isTl, tlList, tlNumber, tlText, type TlObject } from '../tl'

type Kind = NonNullable<MessageFile['kind']>

/** The file of media, as its attributes describe it (core.telegram.org/type/DocumentAttribute); null where it has none. */
export function fileOf(media: TlObject): MessageFile | null {
  const document = media['document']
  if (!isTl(document) || document.className !== 'Document') return null
  const attributes = tlList(document['attributes'])
  const first = (name: string) => attributes.map((attribute) => attribute[name]).find((value) => value != null)
  const named = (className: string) => attributes.find((attribute) => attribute.className === className)
  const audio = named('DocumentAttributeAudio')
  return {
    name: tlText(first('fileName')) || null,
    mimeType: tlText(document['mimeType']) || null,
    sizeBytes: tlNumber(document['size']),
    durationS: tlNumber(first('duration')),
    kind: kindOf(media, named),
    title: tlText(audio?.['title']) || null,
    performer: tlText(audio?.['performer']) || null,
    emoji: tlText((named('DocumentAttributeSticker') ?? named('DocumentAttributeCustomEmoji'))?.['alt']) || null,
  }
}

function kindOf(media: TlObject, named: (className: string) => TlObject | undefined): Kind {
  const [audio, video] = [named('DocumentAttributeAudio'), named('DocumentAttributeVideo')]
  if (media['voice'] === true || audio?.['voice'] === true) return 'voice'
  if (media['round'] === true || video?.['roundMessage'] === true) return 'round'
  if (named('DocumentAttributeSticker')) return 'sticker'
  if (named('DocumentAttributeAnimated')) return 'animation'
  if (media['video'] === true || video) return 'video'
  return audio ? 'audio' : 'file'
}

const LABELS: Record<Kind, string> = {
  voice: 'Voice message',
  round: 'Video message',
  sticker: 'Sticker',
  animation: 'Animation',
  video: 'Video',
  audio: 'Audio',
  file: 'File',
}

/** How a person calls it: "Voice message, 0:14". */
export function fileLabel({ kind = 'file', durationS, emoji }: MessageFile): string {
  const label = LABELS[kind]
  if (kind === 'sticker') return emoji ? `${label} ${emoji}` : label
  return durationS === null || kind === 'animation' || kind === 'file' ? label : `${label}, ${clock(durationS)}`
}

/** Minutes and seconds, with hours where there are any. */
export function clock(seconds: number): string {
  const whole = Math.round(seconds)
  const [hours, minutes] = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60]
  const tail = String(whole % 60).padStart(2, '0')
  return hours > 0 ? `${hours}:${String(minutes).padStart(2, '0')}:${tail}` : `${minutes}:${tail}`
}
