/**
 * A user's own reference, unchanged from its file: the citation key, the type, every field. The ledger stores
 * it as bounded JSON; an export returns it in the same format, or through the common form
 * (`common-reference.ts`) in another. Identifiers are never read from it again.
 */
import { z } from 'zod'
import { cutAt, MOST_CHARS } from '../../../contract/limits'

const PAIRS = z.array(z.tuple([z.string(), z.string()]))
const REFERENCE = z.discriminatedUnion('form', [
  z.object({ form: z.literal('bibtex'), type: z.string(), key: z.string(), fields: PAIRS }),
  z.object({ form: z.literal('ris'), fields: PAIRS }),
  z.object({ form: z.literal('csl'), item: z.record(z.string(), z.unknown()) })
])

type Pairs = readonly (readonly [string, string])[]
/** `ris` serves all formats that have no form of their own: their fields are mapped to its tags. */
export type Reference =
  | { readonly form: 'bibtex'; readonly type: string; readonly key: string; readonly fields: Pairs }
  | { readonly form: 'ris'; readonly fields: Pairs }
  | { readonly form: 'csl'; readonly item: Readonly<Record<string, unknown>> }

/** An abstract has some 2,000 characters; a longer field is left out when the whole reference is too long. */
const MOST_FIELD_CHARS = 8_000
const MOST_KEY_CHARS = 300

/** JSON of at most `MOST_CHARS.reference`; if it is too long, the longest fields are left out first. */
export function packReference(reference: Reference): string {
  const whole = JSON.stringify(reference)
  if (whole.length <= MOST_CHARS.reference) return whole
  if (reference.form === 'csl') {
    const kept = Object.entries(reference.item).filter(
      ([, value]) => JSON.stringify(value).length <= MOST_FIELD_CHARS
    )
    return JSON.stringify({ form: 'csl', item: Object.fromEntries(shortest(kept)) })
  }
  const fields = shortest(reference.fields.filter(([, value]) => value.length <= MOST_FIELD_CHARS))
  if (reference.form === 'ris') return JSON.stringify({ form: 'ris', fields })
  const { type, key } = reference
  return JSON.stringify({
    form: 'bibtex',
    type: cutAt(type, MOST_KEY_CHARS),
    key: key.length > MOST_KEY_CHARS ? '' : key,
    fields
  })
}

/**
 * The packed reference, read again whenever it was garbage-collected meanwhile. A value that was requested
 * stays until the caller yields to the event loop (ECMA-262 §9.10.3), so that one transaction reads it once.
 */
export class ReferenceWhenAsked {
  private kept: WeakRef<{ readonly json: string }> | null = null

  constructor(private readonly read: () => Reference) {}

  get packed(): string {
    const before = this.kept?.deref()
    if (before !== undefined) return before.json
    const packed = { json: packReference(this.read()) }
    this.kept = new WeakRef(packed)
    return packed.json
  }
}

function shortest<T>(fields: readonly (readonly [string, T])[]): (readonly [string, T])[] {
  const sizes = fields.map((field) => JSON.stringify(field).length + 1)
  const order = sizes.map((_, at) => at).sort((a, b) => (sizes[a] ?? 0) - (sizes[b] ?? 0))
  const kept = new Set<number>()
  // The space outside of the fields; a character of a key or a type may need six.
  let left = MOST_CHARS.reference - 100 - 12 * MOST_KEY_CHARS
  for (const at of order) {
    left -= sizes[at] ?? 0
    if (left < 0) break
    kept.add(at)
  }
  return fields.filter((_, at) => kept.has(at))
}

/** Null for JSON of another version or another program. */
export function unpackReference(json: string | undefined): Reference | null {
  if (json === undefined) return null
  try {
    return REFERENCE.safeParse(JSON.parse(json)).data ?? null
  } catch {
    return null
  }
}
