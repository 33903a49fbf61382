import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

/**
 * A sentence model of a few kilobytes in the layout that Hugging Face's models have (config.json, tokenizer.json, onnx/model.onnx):
 * words of one group mean the same, words of none mean nothing in particular. Field numbers are those of onnx.proto3.
 */
export function writeTinyModel(folder: string, groups: readonly (readonly string[])[]): void {
  const words = ['[PAD]', '[UNK]', ...groups.flat()]
  const dimensions = groups.length + 1
  const axisOf = (word: string) => groups.findIndex((group) => group.includes(word)) + 1
  const table = Float32Array.from(words.flatMap((word) => oneHot(dimensions, axisOf(word))))
  mkdirSync(join(folder, 'onnx'), { recursive: true })
  writeFileSync(join(folder, 'onnx/model.onnx'), model(words.length, dimensions, table))
  writeJson(folder, 'config.json', { model_type: 'bert', hidden_size: dimensions, vocab_size: words.length })
  writeJson(folder, 'tokenizer_config.json', {
    tokenizer_class: 'PreTrainedTokenizer',
    model_max_length: 64,
    pad_token: '[PAD]',
    unk_token: '[UNK]',
  })
  writeJson(folder, 'tokenizer.json', tokenizer(words))
}

/** Words of no group lean on the first axis. */
function oneHot(length: number, axis: number): number[] {
  return Array.from({ length }, (_, at) => Number(at === axis))
}

function tokenizer(words: readonly string[]): object {
  const special = (content: string, id: number) => {
    const flags = { single_word: false, lstrip: false, rstrip: false, normalized: false, special: true }
    return { id, content, ...flags }
  }
  return {
    version: '1.0',
    truncation: null,
    padding: null,
    added_tokens: [special('[PAD]', 0), special('[UNK]', 1)],
    normalizer: { type: 'Lowercase' },
    pre_tokenizer: { type: 'Whitespace' },
    post_processor: null,
    decoder: null,
    model: { type: 'WordLevel', vocab: Object.fromEntries(words.map((word, id) => [word, id])), unk_token: '[UNK]' },
  }
}

const FLOAT = 1
const INT64 = 7

/** last_hidden_state = Gather(table, input_ids) */
function model(rows: number, columns: number, table: Float32Array): Buffer {
  const gather = message(
    text(1, 'table'),
    text(1, 'input_ids'),
    text(2, 'last_hidden_state'),
    text(3, 'lookup'),
    text(4, 'Gather'),
  )
  const tensor = message(
    number(1, rows),
    number(1, columns),
    number(2, FLOAT),
    text(8, 'table'),
    bytes(9, Buffer.from(table.buffer)),
  )
  const graph = message(
    bytes(1, gather),
    text(2, 'tiny'),
    bytes(5, tensor),
    bytes(11, value('input_ids', INT64, ['batch', 'sequence'])),
    bytes(11, value('attention_mask', INT64, ['batch', 'sequence'])),
    bytes(12, value('last_hidden_state', FLOAT, ['batch', 'sequence', columns])),
  )
  return message(number(1, 8), bytes(7, graph), bytes(8, message(text(1, ''), number(2, 13))))
}

function value(name: string, type: number, shape: readonly (string | number)[]): Buffer {
  const dimension = (size: string | number) => (typeof size === 'number' ? number(1, size) : text(2, size))
  const dimensions = message(...shape.map((size) => bytes(1, dimension(size))))
  return message(text(1, name), bytes(2, bytes(1, message(number(1, type), bytes(2, dimensions)))))
}

function message(...fields: readonly Buffer[]): Buffer {
  return Buffer.concat(fields)
}

function number(field: number, value: number): Buffer {
  return Buffer.concat([varint(field << 3), varint(value)])
}

function text(field: number, value: string): Buffer {
  return bytes(field, Buffer.from(value))
}

function bytes(field: number, value: Buffer): Buffer {
  return Buffer.concat([varint((field << 3) | 2), varint(value.length), value])
}

/** Base 128, the lowest digits first. */
function varint(value: number): Buffer {
  const digits: number[] = []
  let rest = value
  for (; rest > 127; rest = Math.floor(rest / 128)) digits.push((rest % 128) | 128)
  return Buffer.from([...digits, rest])
}

function writeJson(folder: string, name: string, content: object): void {
  writeFileSync(join(folder, name), JSON.stringify(content))
}
