import type { TlObject } from '../tl'

/** A text that is put together piece by piece, with what of it stands out: Telegram's entities, in UTF-16 code units. */
export class TextWriter {
  text = ''
  readonly entities: TlObject[] = []
  /** Something was met that this program does not know; what is around it is there. */
  isPartial = false

  write(text: string): void {
    this.text += text
  }

  /** What `inner` writes is an entity of that kind. */
  mark(className: string, inner: () => void, fields: Record<string, unknown> = {}): void {
    const offset = this.text.length
    inner()
    const length = this.text.length - offset
    if (length > 0) this.entities.push({ ...fields, className, offset, length })
  }

  /** Begins a line, but for the first. */
  line(): void {
    if (this.text !== '' && !this.text.endsWith('\n')) this.text += '\n'
  }
}
