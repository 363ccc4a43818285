/**
 * Describes a setting's allowed values in words: "a whole number from 1 to 64". Read from the schema itself,
 * so that a refusal never names limits other than those enforced.
 */
import { z } from 'zod'

interface JsonSchema {
  readonly type?: string
  readonly const?: unknown
  readonly enum?: readonly unknown[]
  readonly format?: string
  readonly minimum?: number
  readonly maximum?: number
  readonly exclusiveMinimum?: number
  readonly minLength?: number
  readonly maxLength?: number
  readonly anyOf?: readonly JsonSchema[]
  readonly items?: JsonSchema
  readonly additionalProperties?: JsonSchema | boolean
  readonly properties?: Readonly<Record<string, JsonSchema>>
}

/** A phrase for use after "must be". */
export function allowedValues(schema: z.ZodType): string {
  return phrase(z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' }) as JsonSchema)
}

function phrase(schema: JsonSchema): string {
  if (schema.anyOf) return [...new Set(schema.anyOf.map(phrase))].join(', or ')
  if ('const' in schema) return schema.const === '' ? 'empty' : String(schema.const)
  if (schema.enum) return `one of ${schema.enum.map(String).join(', ')}`
  switch (schema.type) {
    case 'boolean':
      return 'true or false'
    case 'null':
      return 'null'
    case 'integer':
      return `a whole number${range(schema)}`
    case 'number':
      return `a number${range(schema)}`
    case 'string':
      if (schema.format === 'email') return 'an e-mail address'
      if (schema.format === 'uri') return 'a web address'
      return schema.minLength ? 'a text that is not empty' : 'a text'
    case 'array':
      return schema.items ? `a list, each ${phrase(schema.items)}` : 'a list'
    case 'object':
      return objectPhrase(schema)
    default:
      return 'a value'
  }
}

function range(schema: JsonSchema): string {
  const low = schema.minimum
  const high = schema.maximum !== undefined && schema.maximum < 2 ** 53 - 1 ? schema.maximum : undefined
  const above = schema.exclusiveMinimum === undefined ? '' : ` above ${plain(schema.exclusiveMinimum)}`
  if (above !== '') return high === undefined ? above : `${above}, at most ${plain(high)}`
  if (low !== undefined && high !== undefined) return ` from ${plain(low)} to ${plain(high)}`
  if (low !== undefined && low > -(2 ** 53)) return `, at least ${plain(low)}`
  return high === undefined ? '' : `, at most ${plain(high)}`
}

/** 1e12 is hard to read; large numbers stay without separators, so that they can be typed. */
function plain(value: number): string {
  return Number.isInteger(value) ? BigInt(value).toString() : String(value)
}

function objectPhrase(schema: JsonSchema): string {
  if (schema.properties) return `an object with ${Object.keys(schema.properties).join(', ')}`
  if (typeof schema.additionalProperties === 'object') {
    return `an object whose values are each ${phrase(schema.additionalProperties)}`
  }
  return 'an object'
}
