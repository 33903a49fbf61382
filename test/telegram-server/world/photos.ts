import type { TlObject } from '../tl/codec'
import type { Photo } from './model'
import { smallJpeg } from './small-jpeg'

/** Beyond 2^53, as Telegram's are: who reads them as plain numbers asks for the wrong photo. */
const FIRST_PHOTO_ID = 5_431_678_901_234_567_001n
const COLOURS = [
  [214, 69, 65],
  [46, 134, 193],
  [39, 174, 96],
  [142, 68, 173],
] as const

export function makePhoto(number: number, date: number, dc: number): Photo {
  const [red, green, blue] = COLOURS[number % COLOURS.length]!
  return { id: FIRST_PHOTO_ID + BigInt(number), dc, date, jpeg: smallJpeg(red, green, blue) }
}

export function userPhoto(photo: Photo | undefined): TlObject | undefined {
  return photo && { _: 'userProfilePhoto', photo_id: photo.id, dc_id: photo.dc }
}

export function chatPhoto(photo: Photo | undefined): TlObject {
  return photo ? { _: 'chatPhoto', photo_id: photo.id, dc_id: photo.dc } : { _: 'chatPhotoEmpty' }
}

export function wholePhoto(photo: Photo | undefined): TlObject | undefined {
  if (!photo) return undefined
  const sizes = ['a', 'c'].map((type) => ({ _: 'photoSize', type, w: 160, h: 160, size: photo.jpeg.length }))
  const { id, date, dc } = photo
  return { _: 'photo', id, access_hash: id, file_reference: Buffer.alloc(0), date, sizes, dc_id: dc }
}
