import { compileOperation, type OpenApiDocument } from './validation'

const text = (more: object = {}) => ({ type: 'string', ...more })
const SCHEMAS = {
  Thing: {
    type: 'object',
    additionalProperties: false,
    required: ['name'],
    properties: {
      name: text({ minLength: 1, maxLength: 5, pattern: '\\S' }),
      at: text({ pattern: '^[0-9]{2}:[0-9]{2}$', 'x-form': 'a time of day' }),
      since: text({ format: 'date-time' }),
      share: { type: 'number', minimum: 0, maximum: 1 },
      many: { type: 'array', maxItems: 2, items: { type: 'integer' } },
      kind: { enum: ['one', 'two'] },
      version: { const: 1 },
      maybe: { anyOf: [{ type: 'integer', minimum: 1 }, { type: 'null' }] },
      target: { $ref: '#/components/schemas/Target' },
    },
  },
  Target: {
    oneOf: [{ $ref: '#/components/schemas/Mail' }, { $ref: '#/components/schemas/Hook' }],
    discriminator: {
      propertyName: 'kind',
      mapping: { mail: '#/components/schemas/Mail', hook: '#/components/schemas/Hook' },
    },
  },
  Mail: { type: 'object', required: ['kind', 'to'], properties: { kind: { const: 'mail' }, to: text() } },
  Hook: { type: 'object', required: ['kind'], properties: { kind: { const: 'hook' } } },
}
const DOCUMENT = {
  paths: {
    '/things': {
      post: {
        operationId: 'createThing',
        parameters: [{ name: 'since', in: 'query', schema: text({ format: 'date-time' }) }],
        requestBody: { content: { 'application/json': { schema: { $ref: '#/components/schemas/Thing' } } } },
        responses: { '201': {} },
      },
    },
  },
  components: { schemas: SCHEMAS },
} as unknown as OpenApiDocument

const validator = compileOperation(DOCUMENT, '/things', 'post')

describe('what is wrong with a request', () => {
  it.each<[unknown, string]>([
    [null, 'The body must be an object.'],
    [[], 'The body must be an object.'],
    [{}, 'name is missing.'],
    [{ name: 7 }, 'name must be a text.'],
    [{ name: '' }, 'name must not be empty.'],
    [{ name: '   ' }, 'name must not be blank.'],
    [{ name: 'abcdef' }, 'name must have at most 5 characters.'],
    [{ name: 'a', at: '8' }, 'at must be a time of day.'],
    [{ name: 'a', since: 'today' }, 'since must be a moment in time, as in 2026-11-30T12:00:00Z.'],
    [{ name: 'a', share: 2 }, 'share must be at most 1.'],
    [{ name: 'a', share: -1 }, 'share must be at least 0.'],
    [{ name: 'a', many: [1, 'b'] }, 'many.1 must be a whole number.'],
    [{ name: 'a', many: [1, 2, 3] }, 'many must have at most 2 entries.'],
    [{ name: 'a', kind: 'three' }, 'kind must be one of one, two.'],
    [{ name: 'a', version: 2 }, 'version must be 1.'],
    [{ name: 'a', maybe: 'x' }, 'maybe must be a whole number or null.'],
    [{ name: 'a', maybe: 0 }, 'maybe must be at least 1.'],
    [{ name: 'a', more: 1 }, 'The body has an unknown field: more.'],
    [{ name: 'a', [`b${'c'.repeat(999)}`]: 1 }, `The body has an unknown field: b${'c'.repeat(99)}….`],
    ...[null, [], 'x', 1, true].map(
      (target) => [{ name: 'a', target }, 'target must be an object.'] as [unknown, string],
    ),
    [{ name: 'a', target: {} }, 'target.kind must be one of mail, hook.'],
    [{ name: 'a', target: { kind: 'post' } }, 'target.kind must be one of mail, hook.'],
    [{ name: 'a', target: { kind: ['mail'] } }, 'target.kind must be one of mail, hook.'],
    [{ name: 'a', target: { kind: 'mail' } }, 'target.to is missing.'],
    [{ name: 'a', target: { kind: 'mail', to: 1 } }, 'target.to must be a text.'],
  ])('%j: %s', (body, sentence) => {
    expect(() => validator.body(body)).toThrow(expect.objectContaining({ status: 400, message: sentence }))
  })

  it.each([
    ['/things?since=today', 'since must be a moment in time, as in 2026-11-30T12:00:00Z.'],
    ['/things?since=%ED%A0%80', 'The query is not well-formed UTF-8 text.'],
    ['/things?until=x', 'The query has an unknown field: until.'],
  ])('%s: %s', (url, sentence) => {
    expect(() => validator.query(url)).toThrow(sentence)
  })
})
