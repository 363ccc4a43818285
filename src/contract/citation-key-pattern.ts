/**
 * The pattern of citation keys: fields in square brackets with modifiers after colons, as in Better BibTeX
 * and JabRef (`[auth:lower][year]`); text outside of brackets is copied. Parsing only:
 * `main/works/citation-keys.ts` evaluates the fields. Source: JabRef, "Customize the citation key generator";
 * Better BibTeX, "Citation keys" (legacy patterns).
 */

/** N and M are whole numbers. */
export const KEY_FIELDS = [
  'auth',
  'authN',
  'authN_M',
  'authors',
  'authorsN',
  'authEtAl',
  'authorLast',
  'year',
  'shortyear',
  'title',
  'shorttitle',
  'shorttitleN_M',
  'veryshorttitle',
  'veryshorttitleN_M',
  'journal',
  'firstpage'
] as const
export const KEY_MODIFIERS = ['lower', 'upper', 'capitalize', 'abbr', 'condense=C', '(TEXT)'] as const

type FieldName =
  | 'auth'
  | 'authors'
  | 'authEtAl'
  | 'authorLast'
  | 'year'
  | 'shortyear'
  | 'title'
  | 'shorttitle'
  | 'veryshorttitle'
  | 'journal'
  | 'firstpage'

export type KeyModifier =
  | { readonly kind: 'lower' | 'upper' | 'capitalize' | 'abbr' }
  /** the separator between words */
  | { readonly kind: 'condense'; readonly between: string }
  /** the replacement for an empty field */
  | { readonly kind: 'else'; readonly text: string }

export type KeyPart =
  | { readonly kind: 'text'; readonly text: string }
  | {
      readonly kind: 'field'
      readonly field: FieldName
      readonly n: number | null
      readonly m: number | null
      readonly modifiers: readonly KeyModifier[]
    }

/** How many numbers may follow a field's name. */
const NUMBERS: Readonly<Record<FieldName, 0 | 1 | 2>> = {
  auth: 2,
  authors: 1,
  authEtAl: 0,
  authorLast: 0,
  year: 0,
  shortyear: 0,
  title: 0,
  shorttitle: 2,
  veryshorttitle: 2,
  journal: 0,
  firstpage: 0
}
const isField = (name: string): name is FieldName => Object.hasOwn(NUMBERS, name)

/** Characters that BibTeX, RIS readers and CSL processors all accept in a key. */
const SOUND = /^[A-Za-z0-9_:.+-]*$/
const SOUND_SAID = 'letters from A to Z, digits and _ : . + -'

export const KEY_WORDS_ALLOWED = `allowed are ${KEY_FIELDS.map((field) => `[${field}]`).join(' ')}, each with ${KEY_MODIFIERS.map((one) => `:${one}`).join(' ')}`

/** The parts of a pattern, or its error as the rest of a sentence that begins with the setting's name. */
export function parseKeyPattern(pattern: string): readonly KeyPart[] | { readonly problem: string } {
  const parts: KeyPart[] = []
  for (const [whole, inside] of pattern.matchAll(/\[([^[\]]*)\]|[^[\]]+|[[\]]/g)) {
    if (whole === '[' || whole === ']') return { problem: 'has a bracket without its other one' }
    if (inside === undefined) {
      if (!SOUND.test(whole)) return { problem: `can only have ${SOUND_SAID} outside of brackets` }
      parts.push({ kind: 'text', text: whole })
      continue
    }
    const part = fieldOf(inside)
    if (part === null) return { problem: `has no word [${inside.slice(0, 60)}]; ${KEY_WORDS_ALLOWED}` }
    parts.push(part)
  }
  if (pattern !== '' && !parts.some(({ kind }) => kind === 'field'))
    return { problem: `needs a word in brackets; ${KEY_WORDS_ALLOWED}` }
  return parts
}

/** The error of a pattern; null: none. */
export function keyPatternProblem(pattern: string): string | null {
  const parsed = parseKeyPattern(pattern)
  return 'problem' in parsed ? parsed.problem : null
}

function fieldOf(inside: string): KeyPart | null {
  const [head = '', ...rest] = inside.split(':')
  const [, field = '', n, m] = /^([A-Za-z]+)(\d{1,2})?(?:_(\d{1,2}))?$/.exec(head) ?? []
  if (!isField(field)) return null
  const numbers = m !== undefined ? 2 : n !== undefined ? 1 : 0
  if (numbers > NUMBERS[field] || n === '0' || (field === 'auth' && m === '0')) return null
  const modifiers = rest.map(modifierOf)
  if (!modifiers.every((one) => one !== null)) return null
  return {
    kind: 'field',
    field,
    n: n === undefined ? null : Number(n),
    m: m === undefined ? null : Number(m),
    modifiers
  }
}

function modifierOf(text: string): KeyModifier | null {
  if (text === 'lower' || text === 'upper' || text === 'capitalize' || text === 'abbr') return { kind: text }
  const [, between] = /^condense=([_.+-]?)$/.exec(text) ?? []
  if (between !== undefined) return { kind: 'condense', between }
  const [, other] = /^\(([A-Za-z0-9_.+-]*)\)$/.exec(text) ?? []
  return other === undefined ? null : { kind: 'else', text: other }
}
