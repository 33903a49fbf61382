import schemaText from '../../../generated/api-schema'
import { LAYER } from '../../../generated/layer'
import { Api } from '../gramjs'
import { METHODS } from '../methods'
import { UPDATES_READ } from '../updates/update'
import { definitionOf } from '../tolerant/schema-lines'
import { isKnownButton } from './buttons'
import { KNOWN_MEDIA } from './media'
import { KNOWN_BLOCKS } from './rich-message'
import { writeRichText } from './rich-text'
import { KNOWN_ACTIONS } from './service-words'
import { TextWriter } from './text-writer'

/** Constructors of a type, by GramJS's names. A new one fails the test by its name: it has to be given words, or named unreadable. */
function constructorsOf(type: string): string[] {
  const [types = ''] = schemaText.split('---functions---')
  const lines = types.split('\n').filter((line) => line.endsWith(` = ${type};`))
  return lines
    .map((line) => line.slice(0, line.indexOf('#')))
    .map((name) => name.charAt(0).toUpperCase() + name.slice(1))
}

describe(`the schema, of layer ${LAYER}`, () => {
  it('is newer than the client that speaks it, and that client announces it', async () => {
    const { LAYER: announced } = await import('telegram/tl/AllTLObjects')
    expect(LAYER).toBeGreaterThan(198)
    expect(announced).toBe(LAYER)
    expect(Object.keys(Api)).toContain('RichMessage')
  })

  it.each(Object.values(METHODS).flat())('has the method %s, which may be called', (name) => {
    const [space = '', own = ''] = name.split('.')
    expect((Api as unknown as Record<string, Record<string, unknown>>)[space]?.[own]).toBeDefined()
  })

  it.each(UPDATES_READ)('has the update %s, which is read', (name) => expect(constructorsOf('Update')).toContain(name))

  it.each(constructorsOf('MessageMedia'))('gives %s a name', (name) => expect(KNOWN_MEDIA).toContain(name))

  it.each(constructorsOf('MessageAction'))('gives %s words', (name) => expect(KNOWN_ACTIONS).toContain(name))

  it.each(constructorsOf('PageBlock'))('reads %s', (name) => expect(KNOWN_BLOCKS).toContain(name))

  it.each(constructorsOf('RichText'))('reads the text %s', (className) => {
    const writer = new TextWriter()
    writeRichText(writer, { className, text: { className: 'TextPlain', text: 'x' }, texts: [] })
    expect(writer.isPartial).toBe(false)
  })

  it.each([...constructorsOf('ButtonType'), ...constructorsOf('InlineButtonType')])(
    'reads the button %s',
    (className) => expect(isKnownButton({ className: 'KeyboardButton', text: 'x', type: { className } })).toBe(true),
  )

  it('has the one constructor of a button, of a rich message and of a checklist', () => {
    expect(constructorsOf('KeyboardButton')).toEqual(['KeyboardButton'])
    expect(constructorsOf('RichMessage')).toEqual(['RichMessage'])
    expect(constructorsOf('TodoList')).toEqual(['TodoList'])
  })

  it.each(['MessageMedia', 'PageBlock'])('names no %s that it does not have', (type) => {
    const own = new Set(constructorsOf(type))
    const named = type === 'MessageMedia' ? KNOWN_MEDIA : KNOWN_BLOCKS
    expect([...named].filter((name) => !own.has(name))).toEqual([])
  })

  it('reads every constructor line into fields that GramJS has, too', () => {
    const line = definitionOf(Api.Message.CONSTRUCTOR_ID)
    expect(line?.type).toBe('Message')
    expect(line?.fields.map(({ name }) => name)).toEqual(
      expect.arrayContaining(['flags', 'id', 'fromId', 'peerId', 'date', 'message', 'media', 'richMessage']),
    )
  })
})
