/**
 * Schemas for answers of services that change without notice: an absent, null or unexpected field is treated
 * as unknown; one invalid item of a list does not affect the others.
 */
import { z } from 'zod'
import { itemsOrOne } from '../../contract/unknown-values'

/** A string; numbers become their digits; anything else is unknown. */
export const looseText = z
  .union([z.string(), z.number().transform(String)])
  .nullish()
  .catch(null)

export const looseFlag = z
  .union([
    z.boolean(),
    z.string().transform((text) => /^(?:y|yes|true|1)$/i.test(text)),
    z.number().transform((number) => number !== 0)
  ])
  .nullish()
  .catch(null)

export const looseNumber = z
  .union([z.number(), z.string().regex(/^\d+$/).transform(Number)])
  .nullish()
  .catch(null)

/** A list whose valid items count; a single item may occur without its list (as in XML). */
export function looseList<S extends z.ZodType>(item: S) {
  return z
    .unknown()
    .optional()
    .transform((value) => itemsOrOne(value === '' ? null : value))
    .transform((items) =>
      items.flatMap((one): z.output<S>[] => {
        const parsed = item.safeParse(one)
        return parsed.success ? [parsed.data] : []
      })
    )
}

/** The same where an answer without its list is invalid: read as empty, it would look like a real answer. */
export function requiredList<S extends z.ZodType>(item: S) {
  return z.custom<unknown>(Array.isArray, 'a list was expected').pipe(looseList(item))
}
