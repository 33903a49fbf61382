import { isTl, tlList, tlText, type TlObject } from '../tl'
import { buttonText, isKnownButton } from './buttons'
import { plainText, writeRichText } from './rich-text'
import { TextWriter } from './text-writer'

type Write = (writer: TextWriter, block: TlObject) => void

const MAX_DEPTH = 16

/** The text of a rich message (core.telegram.org/type/RichMessage), a line or more for each block, with entities. */
export function readRichMessage(message: TlObject): TextWriter {
  const writer = new TextWriter()
  writeBlocks(writer, message['blocks'], 0)
  return writer
}

/** Writes blocks of a page, each on a line of its own. What is not known makes the text partial. */
export function writeBlocks(writer: TextWriter, blocks: unknown, depth: number): void {
  if (depth > MAX_DEPTH) return void (writer.isPartial = true)
  for (const block of tlList(blocks)) {
    const write = BLOCKS[block.className]
    if (!write) {
      writer.isPartial = true
      continue
    }
    writer.line()
    write(writer, { ...block, depth } as TlObject)
  }
}

const text: Write = (writer, block) => writeRichText(writer, block['text'])
const nothing: Write = () => undefined
const withCaption: Write = (writer, block) => {
  const url = tlText(block['url'])
  if (url) writer.mark('MessageEntityUrl', () => writer.write(url))
  writeCaption(writer, block['caption'])
}
const nested =
  (name: string): Write =>
  (writer, block) => {
    const list = Array.isArray(block[name]) ? block[name] : [block[name]]
    writeBlocks(writer, list, (block['depth'] as number) + 1)
    writeCaption(writer, block['caption'])
  }
const quoted: Write = (writer, block) => {
  writer.mark('MessageEntityBlockquote', () => text(writer, block))
  writer.line()
  writeRichText(writer, block['caption'])
}

/** Every kind of block that the schema has. */
const BLOCKS: Record<string, Write> = {
  PageBlockUnsupported: (writer) => void (writer.isPartial = true),
  PageBlockTitle: text,
  PageBlockSubtitle: text,
  PageBlockHeader: text,
  PageBlockSubheader: text,
  PageBlockKicker: text,
  PageBlockFooter: text,
  PageBlockParagraph: text,
  PageBlockThinking: text,
  PageBlockHeading1: text,
  PageBlockHeading2: text,
  PageBlockHeading3: text,
  PageBlockHeading4: text,
  PageBlockHeading5: text,
  PageBlockHeading6: text,
  PageBlockAuthorDate: (writer, block) => writeRichText(writer, block['author']),
  PageBlockPreformatted: (writer, block) =>
    writer.mark('MessageEntityPre', () => text(writer, block), { language: tlText(block['language']) }),
  PageBlockMath: (writer, block) =>
    writer.mark('MessageEntityPre', () => writer.write(tlText(block['source'])), { language: 'latex' }),
  PageBlockDivider: nothing,
  PageBlockAnchor: nothing,
  PageBlockList: (writer, block) => writeList(writer, block, () => '•'),
  PageBlockOrderedList: (writer, block) => writeList(writer, block, numberOf),
  PageBlockBlockquote: quoted,
  PageBlockPullquote: quoted,
  PageBlockBlockquoteBlocks: (writer, block) => {
    writer.mark('MessageEntityBlockquote', () => writeBlocks(writer, block['blocks'], (block['depth'] as number) + 1))
    writer.line()
    writeRichText(writer, block['caption'])
  },
  PageBlockPhoto: withCaption,
  PageBlockVideo: withCaption,
  PageBlockAudio: withCaption,
  PageBlockDocument: withCaption,
  PageBlockMap: withCaption,
  InputPageBlockMap: withCaption,
  PageBlockEmbed: withCaption,
  PageBlockCover: nested('cover'),
  PageBlockCollage: nested('items'),
  PageBlockSlideshow: nested('items'),
  PageBlockEmbedPost: (writer, block) => {
    writer.write(tlText(block['author']))
    writer.line()
    nested('blocks')(writer, block)
  },
  PageBlockDetails: (writer, block) => {
    writeRichText(writer, block['title'])
    writer.line()
    nested('blocks')(writer, block)
  },
  PageBlockChannel: (writer, block) => writer.write(isTl(block['channel']) ? tlText(block['channel']['title']) : ''),
  PageBlockTable: writeTable,
  PageBlockRelatedArticles: writeArticles,
  PageBlockButtonRow: (writer, block) => {
    for (const button of tlList(block['buttons'])) {
      if (!isKnownButton(button)) writer.isPartial = true
      writer.line()
      writer.write(isTl(button['text']) ? plainText(button['text']) : '')
      writer.write(' ' + buttonText({ ...button, text: '' }))
    }
  },
}

/** Names of all blocks that are read. */
export const KNOWN_BLOCKS: ReadonlySet<string> = new Set(Object.keys(BLOCKS))

function writeCaption(writer: TextWriter, caption: unknown): void {
  if (!isTl(caption)) return
  const parts = caption.className === 'PageCaption' ? [caption['text'], caption['credit']] : [caption]
  for (const part of parts) {
    writer.line()
    writeRichText(writer, part)
  }
}

function writeList(writer: TextWriter, block: TlObject, markOf: (item: TlObject, index: number) => string): void {
  tlList(block['items']).forEach((item, index) => {
    writer.line()
    const box = item['checkbox'] === true ? (item['checked'] === true ? ' [x]' : ' [ ]') : ''
    writer.write(`${markOf(item, index)}${box} `)
    if (item['text'] !== undefined) writeRichText(writer, item['text'])
    else if (Array.isArray(item['blocks'])) writeFirst(writer, item['blocks'] as unknown[], block['depth'] as number)
    else writer.isPartial = true
  })
}

/** Blocks of an item begin on the item's own line. */
function writeFirst(writer: TextWriter, blocks: unknown[], depth: number): void {
  const inner = new TextWriter()
  writeBlocks(inner, blocks, depth + 1)
  const offset = writer.text.length
  writer.write(inner.text)
  for (const entity of inner.entities)
    writer.entities.push({ ...entity, offset: (entity['offset'] as number) + offset } as TlObject)
  writer.isPartial ||= inner.isPartial
}

function numberOf(item: TlObject, index: number): string {
  const value = item['value'] ?? (tlText(item['num']).replace(/\.$/, '') || index + 1)
  return `${String(value)}.`
}

function writeTable(writer: TextWriter, block: TlObject): void {
  writeRichText(writer, block['title'])
  for (const row of tlList(block['rows'])) {
    writer.line()
    tlList(row['cells']).forEach((cell, index) => {
      if (index > 0) writer.write(' | ')
      writeRichText(writer, cell['text'])
    })
  }
}

function writeArticles(writer: TextWriter, block: TlObject): void {
  writeRichText(writer, block['title'])
  for (const article of tlList(block['articles'])) {
    for (const name of ['title', 'description', 'author'] as const) {
      writer.line()
      writer.write(tlText(article[name]))
    }
    writer.line()
    writer.mark('MessageEntityUrl', () => writer.write(tlText(article['url'])))
  }
}
