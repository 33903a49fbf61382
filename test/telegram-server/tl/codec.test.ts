import { Api } from 'telegram'
import { Random } from '../world/random'
import { TlCodec, type TlObject } from './codec'
import { Layers } from './layers'
import { parseSchema, type Definition, type TypeExpression } from './schema-parser'
import apiText from 'telegram/tl/apiTl'

const codec = new Layers().get(198)

describe('the TL codec', () => {
  it('gives back what it was given, for every constructor without nested objects', () => {
    const random = new Random(7)
    const flat = parseSchema(apiText).filter(
      ({ name, fields }) => !name.startsWith('bool') && fields.every(({ type }) => isFlat(type)),
    )
    expect(flat.length).toBeGreaterThan(500)
    for (const definition of flat) {
      const object = randomObject(definition, random)
      const decoded = codec.decode(codec.encode(object))
      expect(withoutFlags(decoded, definition)).toEqual(object)
    }
  })

  it('encodes what GramJS encodes', () => {
    const { returnBigInt } = jest.requireActual<typeof import('telegram/Helpers')>('telegram/Helpers')
    const pairs: [TlObject, { getBytes(): Buffer }][] = [
      [{ _: 'peerUser', user_id: 777000 }, new Api.PeerUser({ userId: returnBigInt(777000) })],
      [
        { _: 'messageEntityTextUrl', offset: 1, length: 2, url: 'https://é.example' },
        new Api.MessageEntityTextUrl({ offset: 1, length: 2, url: 'https://é.example' }),
      ],
      [
        { _: 'updates.getDifference', pts: 5, date: 6, qts: 7, pts_limit: 100 },
        new Api.updates.GetDifference({ pts: 5, date: 6, qts: 7, ptsLimit: 100 }),
      ],
      [
        { _: 'users.getUsers', id: [{ _: 'inputUserSelf' }, { _: 'inputUser', user_id: 1n, access_hash: -5n }] },
        new Api.users.GetUsers({
          id: [new Api.InputUserSelf(), new Api.InputUser({ userId: returnBigInt(1), accessHash: returnBigInt(-5) })],
        }),
      ],
      [{ _: 'account.updateStatus', offline: true }, new Api.account.UpdateStatus({ offline: true })],
      [
        { _: 'invokeWithLayer', layer: 198, query: { _: 'help.getConfig' } },
        new Api.InvokeWithLayer({ layer: 198, query: new Api.help.GetConfig() }),
      ],
    ]
    for (const [object, theirs] of pairs)
      expect(codec.encode(object).toString('hex')).toBe(theirs.getBytes().toString('hex'))
  })

  it('reads and writes bare types, bare vectors and 128-bit integers', () => {
    const small = new TlCodec(
      'point#00000001 x:int y:int = Point;\nline#00000002 ends:vector<point> tag:int128 = Line;',
    )
    const line = { _: 'line', ends: [{ _: 'point', x: 1, y: -2 }], tag: Buffer.alloc(16, 9) }
    const encoded = small.encode(line)
    expect(encoded.length).toBe(4 + 4 + 8 + 16)
    expect(small.decode(encoded)).toEqual(line)
  })

  it('refuses what is cut short, unknown or incomplete', () => {
    expect(() => codec.decode(Buffer.from('00112233', 'hex'))).toThrow('Unknown constructor')
    expect(() => codec.decode(codec.encode({ _: 'peerUser', user_id: 1n }).subarray(0, 8))).toThrow('cut short')
    expect(() => codec.encode({ _: 'peerUser' })).toThrow('user_id is missing')
  })

  it('keeps long strings and large buffers', () => {
    for (const size of [0, 1, 253, 254, 255, 70_000]) {
      const object = { _: 'error', code: 1, text: 'я'.repeat(size) }
      expect(codec.decode(codec.encode(object))).toEqual(object)
    }
  })
})

function isFlat(type: TypeExpression): boolean {
  return type.kind === 'vector' ? isFlat(type.item) : type.kind !== 'boxed' && type.kind !== 'bare'
}

function randomObject({ name, fields }: Definition, random: Random): TlObject {
  const object: TlObject = { _: name }
  for (const { name: field, type, condition } of fields) {
    if (type.kind === 'flags' || (condition && random.below(2) === 0)) continue
    object[field] = randomValue(type, random)
  }
  return harmonised(object, fields)
}

/** Fields that share a bit are present together or not at all. */
function harmonised(object: TlObject, fields: Definition['fields']): TlObject {
  for (const { name, type, condition } of fields) {
    if (!condition || object[name] !== undefined) continue
    const shared = fields.filter(
      (other) => other.condition?.bit === condition.bit && other.condition.flagsField === condition.flagsField,
    )
    for (const other of shared) delete object[other.name]
    if (type.kind === 'true') delete object[name]
  }
  return object
}

function randomValue(type: TypeExpression, random: Random): unknown {
  if (type.kind === 'true') return true
  if (type.kind === 'vector') return Array.from({ length: random.below(4) }, () => randomValue(type.item, random))
  if (type.kind !== 'primitive') throw new Error('Not flat')
  const makers = {
    int: () => random.below(2 ** 32) | 0,
    long: () => random.long(),
    double: () => random.fraction(),
    string: () => random.bytes(random.below(300)).toString('hex'),
    bytes: () => random.bytes(random.below(300)),
    int128: () => random.bytes(16),
    int256: () => random.bytes(32),
    Bool: () => random.below(2) === 1,
  }
  return makers[type.name]()
}

function withoutFlags(object: TlObject, { fields }: Definition): TlObject {
  const flags = fields.filter(({ type }) => type.kind === 'flags').map(({ name }) => name)
  return Object.fromEntries(Object.entries(object).filter(([name]) => !flags.includes(name))) as TlObject
}
