/**
 * Hostile arguments: wrong types, deep nesting and huge values, names with a meaning in JavaScript, SQL or
 * paths, and valid shapes that contain them. Shapes are derived from the contract's schemas, so new requests
 * are covered automatically.
 */
import * as fc from 'fast-check'
import type { z } from 'zod'

const TEXTS = [
  '',
  ' ',
  '../../../../etc/passwd',
  '..\\..\\windows\\system32\\config',
  '/etc/passwd',
  'C:\\Windows\\win.ini',
  'file:///etc/passwd',
  'javascript:alert(1)',
  'data:text/html,<script>alert(1)</script>',
  'https://user:secret@example.org/',
  'http://127.0.0.1:9/',
  'sheaf://app/index.html',
  'smb://host/share',
  "'; DROP TABLE artifact_jobs; --",
  '" OR 1=1 --',
  '%',
  '_',
  '\\',
  'a\0b',
  '\0',
  '\ud800',
  '\udfff\ud800',
  '\u202egpj.exe',
  'CON',
  'nul.pdf',
  '__proto__',
  'constructor',
  'toString',
  'hasOwnProperty',
  '${process.exit(1)}',
  '{{constructor.constructor("return process")()}}',
  '<img src=x onerror=alert(1)>',
  '10.1000/xyz#pdf',
  'doi:10.1000/xyz#pdf',
  '0'.repeat(32),
  'f'.repeat(64),
  'a'.repeat(10_000),
  '%00%2e%2e%2f',
  '1e309',
  'NaN',
  '-1',
  'null',
  '🦉'.repeat(300),
  'e\u0301'.repeat(500)
]
const NUMBERS = [
  0,
  -0,
  -1,
  1,
  1.5,
  NaN,
  Infinity,
  -Infinity,
  Number.MAX_SAFE_INTEGER,
  Number.MIN_SAFE_INTEGER,
  2 ** 53,
  2 ** 31,
  -(2 ** 31),
  1e308,
  5e-324
]

const hostileText = fc.oneof(
  { weight: 3, arbitrary: fc.constantFrom(...TEXTS) },
  { weight: 2, arbitrary: fc.string({ maxLength: 40, unit: 'binary' }) },
  { weight: 1, arbitrary: fc.string({ maxLength: 200 }) }
)
const hostileNumber = fc.oneof(fc.constantFrom(...NUMBERS), fc.double(), fc.integer())
const hostileBytes = fc.oneof(
  fc.uint8Array({ maxLength: 60 }),
  fc.constantFrom(
    new Uint8Array(0),
    new TextEncoder().encode('%PDF-1.7\n'),
    new TextEncoder().encode('<?xml version="1.0"?><article/>'),
    new TextEncoder().encode('\u0089PNG\r\n'),
    new Uint8Array(new ArrayBuffer(16), 3, 7),
    new Uint8Array(new SharedArrayBuffer(8))
  )
)

/** Created for each use, because a schema or a handler might modify it. */
const UNUSUAL_VALUES: readonly (() => unknown)[] = [
  () => undefined,
  () => null,
  () => Symbol('s'),
  () => 10n,
  () => () => 1,
  () => new Date(),
  () => new Map([['jobId', 'x']]),
  () => new Set(['x']),
  () => /x/,
  () => new Error('x'),
  () => Promise.resolve({}),
  () => new Float32Array(3),
  () => new DataView(new ArrayBuffer(5), 1, 3),
  () => new ArrayBuffer(5),
  () => Object.create({ jobId: 'inherited' }) as unknown,
  () => JSON.parse('{"__proto__": {"polluted": true}, "jobId": "x"}') as unknown,
  () => JSON.parse('{"constructor": {"prototype": {"polluted": true}}}') as unknown,
  () => ({
    get jobId(): string {
      throw new Error('a getter was read')
    }
  }),
  () =>
    new Proxy(
      {},
      {
        get() {
          throw new Error('a proxy was asked')
        },
        ownKeys() {
          throw new Error('a proxy was asked')
        }
      }
    ),
  () => {
    const ring: Record<string, unknown> = {}
    ring['jobId'] = ring
    ring['value'] = [ring]
    return ring
  },
  () => nested(2_000),
  () => {
    const holes: unknown[] = []
    holes[10_000_000] = 'far away'
    return holes
  },
  () => Array.from({ length: 2_000 }, () => 'x'),
  () => Object.fromEntries(Array.from({ length: 500 }, (_, index) => [`key${String(index)}`, index]))
]

function nested(height: number): unknown {
  let value: unknown = 'top'
  for (let level = 0; level < height; level += 1) value = level % 2 === 0 ? [value] : { value }
  return value
}

const anything: fc.Arbitrary<unknown> = fc.oneof(
  { weight: 4, arbitrary: hostileText },
  { weight: 3, arbitrary: hostileNumber },
  { weight: 2, arbitrary: fc.boolean() },
  { weight: 2, arbitrary: fc.constantFrom(...UNUSUAL_VALUES).map((make) => make()) },
  { weight: 1, arbitrary: hostileBytes },
  { weight: 1, arbitrary: fc.array(hostileText, { maxLength: 3 }) },
  { weight: 1, arbitrary: fc.dictionary(hostileText, hostileNumber, { maxKeys: 3 }) }
)

/** Arguments for a schema: half of them in its own shape with hostile leaves, the others arbitrary. */
export function hostileFor(schema: z.ZodType): fc.Arbitrary<unknown> {
  return fc.oneof(
    { weight: 2, arbitrary: anything },
    { weight: 3, arbitrary: shaped(schema) },
    { weight: 2, arbitrary: bent(schema) }
  )
}

interface Definition {
  readonly type: string
  readonly shape?: Readonly<Record<string, z.ZodType>>
  readonly element?: z.ZodType
  readonly options?: readonly z.ZodType[]
  readonly innerType?: z.ZodType
  readonly entries?: Readonly<Record<string, string>>
}

/** In the schema's shape: all fields with the correct type, but hostile values. */
function shaped(schema: z.ZodType): fc.Arbitrary<unknown> {
  const definition = schema.def as unknown as Definition
  switch (definition.type) {
    case 'object':
      return fc.record(
        Object.fromEntries(
          Object.entries(definition.shape ?? {}).map(([name, field]) => [name, shaped(field)])
        )
      )
    case 'array':
      return fc.array(definition.element === undefined ? anything : shaped(definition.element), {
        maxLength: 4
      })
    case 'union':
      return fc.oneof(...(definition.options ?? []).map(shaped))
    case 'optional':
      return definition.innerType === undefined
        ? anything
        : fc.oneof(fc.constant(undefined), shaped(definition.innerType))
    case 'enum':
      return fc.constantFrom(...Object.values(definition.entries ?? {}))
    case 'string':
      return hostileText
    case 'number':
      return fc.oneof(fc.integer({ min: 1, max: 500 }), fc.nat(), hostileNumber)
    case 'boolean':
      return fc.boolean()
    case 'custom':
      return hostileBytes
    default:
      return fc.oneof(fc.jsonValue({ maxDepth: 3 }), hostileText, hostileNumber)
  }
}

/** In the schema's shape, but one field is arbitrary, missing or extra. */
function bent(schema: z.ZodType): fc.Arbitrary<unknown> {
  return fc.tuple(shaped(schema), hostileText, anything, fc.nat(2)).map(([value, name, strange, how]) => {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return strange
    const names = Object.keys(value)
    const victim = names[name.length % Math.max(1, names.length)]
    if (how === 0 || victim === undefined) return { ...value, [name]: strange }
    if (how === 1) return { ...value, [victim]: strange }
    return Object.fromEntries(Object.entries(value).filter(([own]) => own !== victim))
  })
}
