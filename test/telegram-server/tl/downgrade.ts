import type { TlCodec, TlObject } from './codec'

/** What Telegram sends in the place of media that a client's layer does not have. */
const UNSUPPORTED: TlObject = { _: 'messageMediaUnsupported' }

/**
 * An object of the newest layer as a client of an older one gets it: media that it does not know are `messageMediaUnsupported`, text
 * that came with a later layer is withheld, unknown actions are empty, and what else it does not know is left out. So is what even the newest
 * schema does not have: to a client of an older layer it is one of the newer kinds.
 */
export function downgraded(object: TlObject, codec: TlCodec): TlObject {
  const parts = Object.entries(object).map(([name, value]) => [name, downgradedValue(value, codec, name)] as const)
  const result = Object.fromEntries(parts.filter(([, value]) => value !== LEFT_OUT)) as TlObject
  return object._ === 'message' && object['rich_message'] && !codec.hasField('message', 'rich_message')
    ? withheld(result)
    : result
}

const LEFT_OUT = Symbol('left out')

function downgradedValue(value: unknown, codec: TlCodec, field: string): unknown {
  if (Array.isArray(value)) {
    const items: unknown[] = value.map((item) => downgradedValue(item, codec, field))
    return items.filter((item) => item !== LEFT_OUT)
  }
  if (!isTlObject(value)) return value
  if (value._ === 'unknown') return field === 'media' ? UNSUPPORTED : LEFT_OUT
  if (codec.canWrite(value)) return downgraded(value, codec)
  if (value._.startsWith('messageMedia')) return UNSUPPORTED
  if (value._.startsWith('messageAction')) return { _: 'messageActionEmpty' }
  return LEFT_OUT
}

function withheld(message: TlObject): TlObject {
  const { rich_message: _richMessage, reply_markup: _markup, ...rest } = message
  return { ...rest, _: 'message', message: '', entities: undefined, media: UNSUPPORTED }
}

function isTlObject(value: unknown): value is TlObject {
  return typeof value === 'object' && value !== null && typeof (value as TlObject)._ === 'string'
}
