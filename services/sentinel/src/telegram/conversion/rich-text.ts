import { isTl, tlList, tlNumber, tlText, type TlObject } from '../tl'
import { buttonText } from './buttons'
import type { TextWriter } from './text-writer'

/** Rich texts that differ from what they contain in how they look or in what they are (core.telegram.org/type/RichText). */
const MARKS: Record<string, string> = {
  TextBold: 'MessageEntityBold',
  TextItalic: 'MessageEntityItalic',
  TextUnderline: 'MessageEntityUnderline',
  TextStrike: 'MessageEntityStrike',
  TextFixed: 'MessageEntityCode',
  TextSpoiler: 'MessageEntitySpoiler',
  TextMention: 'MessageEntityMention',
  TextHashtag: 'MessageEntityHashtag',
  TextBotCommand: 'MessageEntityBotCommand',
  TextCashtag: 'MessageEntityCashtag',
  TextAutoUrl: 'MessageEntityUrl',
  TextAutoEmail: 'MessageEntityEmail',
  TextAutoPhone: 'MessageEntityPhone',
  TextBankCard: 'MessageEntityBankCard',
  TextPhone: 'MessageEntityPhone',
}

/** The same as what they contain. */
const PLAIN = new Set(['TextSubscript', 'TextSuperscript', 'TextMarked', 'TextAnchor', 'TextDate', 'TextDiff'])

/** Writes a RichText. What it does not know makes the text partial. */
export function writeRichText(writer: TextWriter, node: unknown): void {
  if (!isTl(node)) return
  const { className } = node
  const inner = () => writeRichText(writer, node['text'])
  if (MARKS[className]) return writer.mark(MARKS[className], inner)
  if (PLAIN.has(className)) return inner()
  switch (className) {
    case 'TextEmpty':
    case 'TextImage':
      return
    case 'TextPlain':
      return writer.write(tlText(node['text']))
    case 'TextConcat':
      return tlList(node['texts']).forEach((part) => writeRichText(writer, part))
    default:
      return writeSpecial(writer, node, inner)
  }
}

/** A RichText without its entities. */
export function plainText(node: unknown): string {
  const parts = isTl(node) && node.className === 'TextConcat' ? tlList(node['texts']) : [node]
  return parts.map((part) => (isTl(part) && part.className === 'TextConcat' ? plainText(part) : tlText(part))).join('')
}

function writeSpecial(writer: TextWriter, node: TlObject, inner: () => void): void {
  switch (node.className) {
    case 'TextUrl':
      return writer.mark('MessageEntityTextUrl', inner, { url: tlText(node['url']) })
    case 'TextEmail':
      return writer.mark('MessageEntityTextUrl', inner, { url: `mailto:${tlText(node['email'])}` })
    case 'TextMentionName':
      return writer.mark('MessageEntityMentionName', inner, { userId: tlNumber(node['userId']) })
    case 'TextMath':
      return writer.mark('MessageEntityCode', () => writer.write(tlText(node['source'])))
    case 'TextCustomEmoji':
      return writer.write(tlText(node['alt']))
    case 'TextButton':
      return writer.mark('MessageEntityTextUrl', inner, { url: buttonText({ ...node, text: '' }) })
    default:
      writer.isPartial = true
  }
}
