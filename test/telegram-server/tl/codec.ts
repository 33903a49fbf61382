import { ByteReader } from './byte-reader'
import { ByteWriter } from './byte-writer'
import { parseSchema, type Definition, type Field, type PrimitiveName, type TypeExpression } from './schema-parser'

/**
 * A constructor or function as plain data. Longs decode to BigInt (numbers are accepted for encoding), int128, int256 and
 * bytes are Buffers, an absent optional field is undefined. A Buffer in place of an object is taken as already encoded.
 */
export interface TlObject {
  _: string
  [field: string]: unknown
}

export class UnknownConstructorError extends Error {
  constructor(readonly id: number) {
    super(`Unknown constructor 0x${id.toString(16)}`)
  }
}

type Write = (writer: ByteWriter, value: never) => void
type Read = (reader: ByteReader) => unknown
type WriteFields = (writer: ByteWriter, object: TlObject) => void

interface Compiled {
  id: number
  writeFields: WriteFields
  readFields: (reader: ByteReader) => TlObject
}

interface FlagBit {
  name: string
  mask: number
  isTrue: boolean
}

/** Of objects whose constructor no client has: `id`, and `bytes` in place of fields. */
const UNKNOWN = 'unknown'
const VECTOR = 0x1cb5c415
const BOOL_TRUE = 0x997275b5
const BOOL_FALSE = 0xbc799737

const PRIMITIVE_WRITERS: Record<PrimitiveName, Write> = {
  int: (writer, value: number) => writer.int(value),
  long: (writer, value: bigint | number) => writer.long(value),
  double: (writer, value: number) => writer.double(value),
  string: (writer, value: string | Uint8Array) =>
    typeof value === 'string' ? writer.string(value) : writer.byteString(value),
  bytes: (writer, value: Uint8Array) => writer.byteString(value),
  int128: (writer, value: Uint8Array) => writer.raw(exactly(value, 16)),
  int256: (writer, value: Uint8Array) => writer.raw(exactly(value, 32)),
  Bool: (writer, value: boolean) => writer.int(value ? BOOL_TRUE : BOOL_FALSE),
}

const PRIMITIVE_READERS: Record<PrimitiveName, Read> = {
  int: (reader) => reader.int(),
  long: (reader) => reader.long(),
  double: (reader) => reader.double(),
  string: (reader) => reader.byteString().toString('utf8'),
  bytes: (reader) => reader.byteString(),
  int128: (reader) => reader.raw(16),
  int256: (reader) => reader.raw(32),
  Bool: (reader) => reader.id() === BOOL_TRUE,
}

/** Encodes and decodes the objects of one schema; per-constructor work is compiled to closures at first use. */
export class TlCodec {
  readonly definitions: Definition[]
  private readonly byName = new Map<string, Definition>()
  private readonly byId = new Map<number, Definition>()
  private readonly compiled = new Map<Definition, Compiled>()
  private readonly writer = new ByteWriter()

  constructor(...schemaTexts: string[]) {
    this.definitions = schemaTexts.flatMap(parseSchema)
    for (const definition of this.definitions) {
      this.byName.set(definition.name, definition)
      this.byId.set(definition.id, definition)
    }
  }

  knows(id: number): boolean {
    return this.byId.has(id)
  }

  hasField(name: string, field: string): boolean {
    return this.byName.get(name)?.fields.some((each) => each.name === field) === true
  }

  /** Whether the schema has the constructor, and the object all that it needs. */
  canWrite(object: TlObject): boolean {
    const { _: name } = object
    if (name === UNKNOWN) return true
    const definition = this.byName.get(name)
    const needed = definition?.fields.filter(({ condition, type }) => !condition && type.kind !== 'flags')
    return needed?.every((field) => object[field.name] !== undefined) === true
  }

  encode(object: TlObject): Buffer {
    this.writer.clear()
    this.writeBoxed(this.writer, object as never)
    return this.writer.take()
  }

  encodeVector(items: (TlObject | Buffer)[]): Buffer {
    this.writer.clear()
    this.writer.int(VECTOR)
    this.writer.int(items.length)
    for (const item of items) this.writeBoxed(this.writer, item as never)
    return this.writer.take()
  }

  decode(source: Buffer | ByteReader): TlObject {
    return this.readBoxed(Buffer.isBuffer(source) ? new ByteReader(source) : source) as TlObject
  }

  private readonly writeBoxed: Write = (writer: ByteWriter, value: TlObject | Uint8Array) => {
    if (value instanceof Uint8Array) return writer.raw(value)
    if (value._ === UNKNOWN) return writeUnknown(writer, value)
    const definition = this.byName.get(value._)
    if (!definition) throw new Error(`Not in the schema: ${value._}`)
    const compiled = this.compile(definition)
    writer.int(compiled.id)
    compiled.writeFields(writer, value)
  }

  private readonly readBoxed: Read = (reader) => {
    const id = reader.id()
    if (id === VECTOR) return readItems(reader, this.readBoxed)
    if (id === BOOL_TRUE || id === BOOL_FALSE) return id === BOOL_TRUE
    const definition = this.byId.get(id)
    if (!definition) throw new UnknownConstructorError(id)
    return this.compile(definition).readFields(reader)
  }

  private compile(definition: Definition): Compiled {
    const known = this.compiled.get(definition)
    if (known) return known
    const { id } = definition
    const compiled: Compiled = {
      id,
      writeFields: this.fieldsWriter(definition),
      readFields: this.fieldsReader(definition),
    }
    this.compiled.set(definition, compiled)
    return compiled
  }

  private fieldsWriter({ fields, name }: Definition): WriteFields {
    const steps = fields.filter((field) => field.type.kind !== 'true').map((field) => this.fieldWriter(field, fields))
    return (writer, object) => {
      try {
        for (const step of steps) step(writer, object)
      } catch (cause) {
        throw new Error(`Cannot encode ${name}: ${(cause as Error).message}`, { cause })
      }
    }
  }

  private fieldWriter(field: Field, all: Field[]): WriteFields {
    const { name } = field
    if (field.type.kind === 'flags') return flagsWriter(flagBits(name, all))
    const write = this.valueWriter(field.type)
    if (field.condition) {
      return (writer, object) => {
        const value = object[name]
        if (value !== undefined && value !== null) write(writer, value as never)
      }
    }
    return (writer, object) => {
      const value = object[name]
      if (value === undefined) throw new Error(`field ${name} is missing`)
      write(writer, value as never)
    }
  }

  private valueWriter(type: TypeExpression): Write {
    if (type.kind === 'primitive') return PRIMITIVE_WRITERS[type.name]
    if (type.kind === 'vector') return vectorWriter(this.valueWriter(type.item), type.bare)
    if (type.kind !== 'bare') return this.writeBoxed
    const definition = this.definitionOf(type.constructorName)
    return (writer, value: TlObject) => this.compile(definition).writeFields(writer, value)
  }

  private fieldsReader({ fields, name }: Definition): (reader: ByteReader) => TlObject {
    const steps = fields.map((field) => this.fieldReader(field))
    return (reader) => {
      const object: TlObject = { _: name }
      for (const step of steps) step(reader, object)
      return object
    }
  }

  private fieldReader(field: Field): (reader: ByteReader, object: TlObject) => void {
    const { name, condition, type } = field
    const read = this.valueReader(type)
    if (!condition) return (reader, object) => void (object[name] = read(reader))
    const mask = 1 << condition.bit
    const { flagsField } = condition
    if (type.kind === 'true') {
      return (_reader, object) => {
        if ((object[flagsField] as number) & mask) object[name] = true
      }
    }
    return (reader, object) => {
      if ((object[flagsField] as number) & mask) object[name] = read(reader)
    }
  }

  private valueReader(type: TypeExpression): Read {
    if (type.kind === 'primitive') return PRIMITIVE_READERS[type.name]
    if (type.kind === 'flags') return PRIMITIVE_READERS.int
    if (type.kind === 'vector') return vectorReader(this.valueReader(type.item), type.bare)
    if (type.kind !== 'bare') return this.readBoxed
    const definition = this.definitionOf(type.constructorName)
    return (reader) => this.compile(definition).readFields(reader)
  }

  private definitionOf(name: string): Definition {
    const definition = this.byName.get(name)
    if (!definition) throw new Error(`Not in the schema: ${name}`)
    return definition
  }
}

function writeUnknown(writer: ByteWriter, { id, bytes }: TlObject): void {
  writer.int(id as number)
  if (bytes) writer.raw(bytes as Uint8Array)
}

function flagBits(flagsField: string, fields: Field[]): FlagBit[] {
  return fields
    .filter((field) => field.condition?.flagsField === flagsField)
    .map(({ name, condition, type }) => ({ name, mask: 1 << condition!.bit, isTrue: type.kind === 'true' }))
}

function flagsWriter(bits: FlagBit[]): WriteFields {
  return (writer, object) => {
    let flags = 0
    for (const { name, mask, isTrue } of bits) {
      const value = object[name]
      if (isTrue ? value === true : value !== undefined && value !== null) flags |= mask
    }
    writer.int(flags)
  }
}

function vectorWriter(writeItem: Write, bare: boolean): Write {
  return (writer, items: unknown[]) => {
    if (!bare) writer.int(VECTOR)
    writer.int(items.length)
    for (const item of items) writeItem(writer, item as never)
  }
}

function vectorReader(readItem: Read, bare: boolean): Read {
  return (reader) => {
    if (!bare && reader.id() !== VECTOR) throw new RangeError('A vector was expected')
    return readItems(reader, readItem)
  }
}

function readItems(reader: ByteReader, readItem: Read): unknown[] {
  const count = reader.int()
  if (count < 0 || count > reader.remaining) throw new RangeError('Vector length out of range')
  return Array.from({ length: count }, () => readItem(reader))
}

function exactly(value: Uint8Array, size: number): Uint8Array {
  if (value.length !== size) throw new RangeError(`${size} bytes were expected`)
  return value
}
