import apiText from 'telegram/tl/apiTl'
import serviceText from 'telegram/tl/schemaTl'
import { TlCodec } from './codec'

const CURRENT_LAYER = 198

/** MTProto's own messages; `rpc_result`, `msg_container` and `gzip_packed` are framed by hand, as no schema describes them. */
export const serviceCodec = new TlCodec(serviceText)

/** The key exchange; what its schema calls strings are numbers in bytes, which must not be read as text. */
export const handshakeCodec = new TlCodec(
  serviceText.slice(0, serviceText.indexOf('---types---')).replaceAll(':string', ':bytes'),
)

/** The API schemas by layer. A key speaks the layer of its last invokeWithLayer, which may be any registered one. */
export class Layers {
  readonly newest = CURRENT_LAYER
  private readonly codecs = new Map<number, TlCodec>([[CURRENT_LAYER, new TlCodec(apiText)]])

  register(layer: number, schemaText: string): void {
    this.codecs.set(layer, new TlCodec(schemaText))
  }

  find(layer: number): TlCodec | undefined {
    return this.codecs.get(layer)
  }

  get(layer: number): TlCodec {
    const codec = this.codecs.get(layer)
    if (!codec) throw new Error(`Layer ${layer} is not registered`)
    return codec
  }
}
