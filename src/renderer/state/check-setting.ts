/**
 * Validates settings in the page with main's schemas, and reads the allowed range from them, so that a field
 * never shows limits other than those enforced. Pure.
 */
import './zod-jitless'
import { z } from 'zod'
import {
  fallbackPlanSchema,
  SETTINGS,
  sourcePolicySchema,
  tierPlanSchema,
  type SettingKey
} from '../../contract/settings'

export const settingSchema = (key: SettingKey): z.ZodType => SETTINGS[key].schema
export const budgetSchema = (name: keyof typeof fallbackPlanSchema.shape): z.ZodType =>
  fallbackPlanSchema.shape[name]
export const policySchema = (name: keyof typeof sourcePolicySchema.shape): z.ZodType =>
  sourcePolicySchema.shape[name]
export const parallelSchema: z.ZodType = tierPlanSchema.shape.parallel
export const rateSchema: z.ZodType = SETTINGS['network.rates'].schema.valueType

/** Would main accept this value? */
export function isAllowed(schema: z.ZodType, value: unknown): boolean {
  return schema.safeParse(value).success
}

export interface Limits {
  readonly low: number | null
  readonly high: number | null
  /** the minimum itself is not allowed */
  readonly above: boolean
  readonly whole: boolean
}

/** The range of a number's schema, unwrapping defaults and nullable. */
export function limitsOf(schema: z.ZodType): Limits {
  let inner = schema
  while (inner instanceof z.ZodDefault || inner instanceof z.ZodNullable || inner instanceof z.ZodOptional)
    inner = inner.unwrap() as z.ZodType
  const json = z.toJSONSchema(inner, { io: 'input', unrepresentable: 'any' })
  const above = typeof json.exclusiveMinimum === 'number' ? json.exclusiveMinimum : null
  const highest = json.maximum ?? null
  return {
    low: above ?? json.minimum ?? null,
    high: highest !== null && highest < Number.MAX_SAFE_INTEGER ? highest : null,
    above: above !== null,
    whole: json.type === 'integer'
  }
}
