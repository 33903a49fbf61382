export interface SseEvent {
  id: string | undefined
  type: string
  data: string
}

const MAX_EVENT_CHARACTERS = 4 * 1024 * 1024

/** Splits a stream of text into whole events; what stands there half waits for its rest. Lines end in LF or CRLF. */
export class SseSplitter {
  private rest = ''

  /** @throws Error when one event grows beyond 4 MB */
  push(chunk: string): SseEvent[] {
    const blocks = (this.rest + chunk).split(/\r?\n\r?\n/)
    this.rest = blocks.pop() ?? ''
    if (this.rest.length > MAX_EVENT_CHARACTERS) throw new Error('an event is too long')
    return blocks.map(parseBlock).filter((event) => event !== undefined)
  }
}

export async function* parseEvents(chunks: AsyncIterable<string>): AsyncGenerator<SseEvent> {
  const splitter = new SseSplitter()
  for await (const chunk of chunks) yield* splitter.push(chunk)
}

export function formatEvent({ id, type, data }: SseEvent): string {
  const lines = data.split('\n').map((line) => `data: ${line}\n`)
  return `${id === undefined ? '' : `id: ${id}\n`}event: ${type}\n${lines.join('')}\n`
}

/** A block without data is a comment or a hint to browsers, no event. */
function parseBlock(block: string): SseEvent | undefined {
  const event: SseEvent = { id: undefined, type: 'message', data: '' }
  const data: string[] = []
  for (const line of block.split(/\r?\n/)) {
    const [, field = '', value = ''] = /^([^:]*):? ?(.*)$/s.exec(line) ?? []
    if (field === 'data') data.push(value)
    if (field === 'event') event.type = value
    if (field === 'id' && !value.includes('\0')) event.id = value
  }
  return data.length > 0 ? { ...event, data: data.join('\n') } : undefined
}
