import olderText from 'telegram/tl/apiTl'
import serviceText from 'telegram/tl/schemaTl'
import newestText from '../../../services/sentinel/generated/api-schema'
import { LAYER } from '../../../services/sentinel/generated/layer'
import { TlCodec, type TlObject } from './codec'
import { downgraded } from './downgrade'

/** Of GramJS's own schema: what clients spoke early in 2025. */
export const OLDER_LAYER = 198

/** MTProto's own messages; `rpc_result`, `msg_container` and `gzip_packed` are framed by hand, as no schema describes them. */
export const serviceCodec = new TlCodec(serviceText)

/** The key exchange; what its schema calls strings are numbers in bytes, which must not be read as text. */
export const handshakeCodec = new TlCodec(
  serviceText.slice(0, serviceText.indexOf('---types---')).replaceAll(':string', ':bytes'),
)

/** The API schemas by layer. A key speaks the layer of its last invokeWithLayer, which may be any registered one. */
export class Layers {
  readonly newest = LAYER
  private readonly codecs = new Map<number, TlCodec>([
    [LAYER, new TlCodec(newestText)],
    [OLDER_LAYER, new TlCodec(olderText)],
  ])

  register(layer: number, schemaText: string): void {
    this.codecs.set(layer, new TlCodec(schemaText))
  }

  find(layer: number): TlCodec | undefined {
    return this.codecs.get(layer)
  }

  /** An object of the newest layer in the words of another; `withheldAbove`: without what layers beyond that one brought. */
  encode(layer: number, object: TlObject, withheldAbove: number | null = null): Buffer {
    const known = Math.min(layer, withheldAbove ?? layer)
    return this.get(layer).encode(known === this.newest ? object : downgraded(object, this.get(known)))
  }

  get(layer: number): TlCodec {
    const codec = this.codecs.get(layer)
    if (!codec) throw new Error(`Layer ${layer} is not registered`)
    return codec
  }
}
