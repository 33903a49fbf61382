import type { IncomingMessage } from 'node:http'
import type { Request, Response } from 'express'
import { httpError } from './errors'
import { requireBoundedShape } from './json-shape'
import type { Validator } from './validation'
import { illFormedPart, mayBeIllFormed } from './well-formed'

export interface UploadedFile {
  bytes: Buffer
}

export interface Body {
  body: unknown
  file: UploadedFile | null
  /** Text fields of a multipart body, as they came. */
  fields: Readonly<Record<string, string>>
}

const NO_BODY: Body = { body: undefined, file: null, fields: {} }

/** Reads and validates the body of a request as its operation documents it: strict JSON, or one file as multipart. */
export async function readBody(request: IncomingMessage, validator: Validator): Promise<Body> {
  if (validator.mediaTypes.length === 0) return NO_BODY
  const mediaType = mediaTypeOf(request, validator.mediaTypes)
  const tooLarge = () => refuseSize(validator)
  if (Number(request.headers['content-length'] ?? 0) > validator.maxBodyBytes) throw tooLarge()
  if (mediaType === 'multipart/form-data') return readMultipart(request, validator)
  const text = decode(await readBytes(request, validator.maxBodyBytes, tooLarge))
  return { ...NO_BODY, body: validator.body(parse(text)) }
}

function mediaTypeOf(request: IncomingMessage, allowed: readonly string[]): string {
  const [mediaType = '', ...parameters] = (request.headers['content-type'] ?? '').toLowerCase().split(';')
  const charset = parameters.map((text) => text.trim()).find((text) => text.startsWith('charset='))
  const isPlain = (request.headers['content-encoding'] ?? 'identity') === 'identity'
  const isUtf8 = !charset || /^charset="?utf-?8"?$/.test(charset)
  if (allowed.includes(mediaType.trim()) && isPlain && isUtf8) return mediaType.trim()
  throw httpError('UNSUPPORTED_MEDIA_TYPE', `Send ${allowed.join(' or ')}, in UTF-8, not compressed.`)
}

function refuseSize(validator: Validator) {
  if (!validator.fileField)
    return httpError('PAYLOAD_TOO_LARGE', `The body is larger than ${validator.maxBodyBytes} bytes.`)
  const { maxFileBytes, tooLargeHint } = validator
  const text = `File too large (max ${Math.floor(maxFileBytes / 1024 / 1024)} MB).`
  return httpError('FILE_TOO_LARGE', tooLargeHint === undefined ? text : `${text} ${tooLargeHint}`)
}

async function readBytes(request: IncomingMessage, limit: number, tooLarge: () => Error): Promise<Buffer> {
  const chunks: Buffer[] = []
  let size = 0
  try {
    // The request outlives a refusal: its connection carries the answer.
    for await (const chunk of request.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>) {
      size += chunk.length
      if (size > limit) break
      chunks.push(chunk)
    }
  } catch (cause) {
    throw httpError('INVALID_REQUEST', 'The body did not arrive whole.', cause)
  }
  if (size > limit) throw tooLarge()
  return Buffer.concat(chunks, size)
}

const utf8 = new TextDecoder('utf-8', { fatal: true })

function decode(bytes: Buffer): string {
  try {
    return utf8.decode(bytes)
  } catch {
    throw httpError('INVALID_JSON', 'The body is not UTF-8 text.')
  }
}

function parse(text: string): unknown {
  requireBoundedShape(text)
  const value = parsed(text)
  if (mayBeIllFormed(text)) requireWellFormed(value)
  return value
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text) as unknown
  } catch {
    throw httpError('INVALID_JSON', 'The body is not well-formed JSON.')
  }
}

function requireWellFormed(value: unknown): void {
  const found = illFormedPart(value)
  if (!found) return
  const place = found.place === '' ? 'A text in the body' : found.place
  throw httpError('INVALID_REQUEST', `${place} has ${found.what}.`)
}

async function readMultipart(request: IncomingMessage, validator: Validator): Promise<Body> {
  // One byte more than is allowed, so that a file of just the limit is told from a longer one.
  const limits = {
    fileSize: validator.maxFileBytes + 1,
    files: 2,
    fields: 10,
    parts: 12,
    fieldSize: 1024,
    fieldNameSize: 100,
  }
  // Loaded with the first upload: most processes never see one.
  const { default: multer, MulterError } = await import('multer')
  const receive = multer({ storage: multer.memoryStorage(), limits }).any()
  const failure = await new Promise<unknown>((resolve) => receive(request as Request, {} as Response, resolve))
  if (failure instanceof MulterError && failure.code === 'LIMIT_FILE_SIZE') throw refuseSize(validator)
  if (failure) throw httpError('INVALID_REQUEST', 'The multipart body is not well-formed.', failure)
  const files = (request as Request).files as Express.Multer.File[] | undefined
  // The request outlives what it brought.
  delete (request as { files?: unknown }).files
  const file = files?.find((candidate) => candidate.fieldname === validator.fileField)
  const fields = textsIn((request as Request).body)
  if (!file) return { ...NO_BODY, fields }
  if (file.size > validator.maxFileBytes) throw refuseSize(validator)
  return { body: undefined, file: { bytes: file.buffer }, fields }
}

function textsIn(body: unknown): Record<string, string> {
  const entries = Object.entries((body ?? {}) as Record<string, unknown>)
  return Object.fromEntries(entries.filter((entry): entry is [string, string] => typeof entry[1] === 'string'))
}
