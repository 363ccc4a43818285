/**
 * Makes texts comparable: a title from a service and the same title in a PDF differ only in accents,
 * ligatures, hyphens at line ends, markup and letter case. Pure.
 */
import { withoutElements } from '../../contract/scan'

/** Markup in titles from services: tags, MathML, LaTeX commands, entities. */
export function withoutMarkup(text: string): string {
  return withoutElements(text, ['annotation'], ' ')
    .replace(
      /<\/?(?:su[bp]|i|em|b|strong|sc|tt|u|span|font|mml:[a-z]{1,20}|m[a-z]{1,20})(?:[\s/][^<>]*)?>/gi,
      ''
    )
    .replace(/<\/?[a-z][^<>]*>/gi, ' ')
    .replace(/&(?:amp|#38);/gi, '&')
    .replace(/&(?:lt|#60);/gi, '<')
    .replace(/&(?:gt|#62);/gi, '>')
    .replace(/&(?:quot|#34);/gi, '"')
    .replace(/&(?:apos|#39|rsquo);/gi, '’')
    .replace(/&nbsp;|&#160;/gi, ' ')
    .replace(/&[nm]dash;/gi, '–')
    .replace(
      /\\(?:textit|textbf|textsc|textrm|texttt|emph|mathrm|mathbf|mathcal|mathbb|text|mbox)\s*\{([^{}]*)\}/g,
      '$1'
    )
    .replace(/\\[a-zA-Z]+\s?/g, (command) => GREEK[command.trim().slice(1)] ?? ' ')
    .replace(/\\(.)/g, '$1')
    .replace(/[{}$]|(?<=\w)[_^](?=\w)/g, '')
    .replace(/\s+/g, ' ')
    .trim()
}

const GREEK: Readonly<Record<string, string>> = Object.fromEntries(
  (
    'alpha α beta β gamma γ delta δ epsilon ε zeta ζ eta η theta θ kappa κ lambda λ mu μ nu ν xi ξ pi π rho ρ ' +
    'sigma σ tau τ phi φ chi χ psi ψ omega ω Gamma Γ Delta Δ Theta Θ Lambda Λ Sigma Σ Phi Φ Psi Ψ Omega Ω infty ∞'
  )
    .split(' ')
    .flatMap((name, index, all) => (index % 2 === 0 ? [[name, all[index + 1] ?? '']] : []))
)

const PLAIN = /^[\s -~]*$/

/** Lower case, without accents and ligatures; words split at line ends are joined. */
export function fold(text: string): string {
  const whole = text.includes('\n')
    ? text.replace(/(?<=\p{L})[-‐\u00ad][^\S\n]{0,40}\n\s{0,40}(?=\p{Ll})/gu, '')
    : text
  // Most pages of most papers are plain ASCII, which needs only this.
  if (PLAIN.test(whole)) return whole.toLowerCase()
  return whole
    .replace(/\u00ad/g, '')
    .normalize('NFKD')
    .replace(/\p{M}+/gu, '')
    .toLowerCase()
    .replace(/ß/g, 'ss')
    .replace(/[øö]/g, 'o')
    .replace(/æ/g, 'ae')
    .replace(/œ/g, 'oe')
    .replace(/ł/g, 'l')
    .replace(/đ/g, 'd')
    .replace(/ı/g, 'i')
}

/** The words of a text, folded. Scripts without spaces become single characters. */
export function wordsOf(text: string): readonly string[] {
  return text.length < REMEMBERED_FROM ? split(text) : wordsOfPage(text)
}

const REMEMBERED_FROM = 300
const MOST_REMEMBERED = 8

/** The same function with a cache of its last results: one page is searched for several things in turn. */
export function remembering<T>(find: (text: string) => T): (text: string) => T {
  const known = new Map<string, { readonly found: T }>()
  return (text) => {
    const before = known.get(text)
    if (before !== undefined) return before.found
    const found = find(text)
    if (known.size >= MOST_REMEMBERED) known.clear()
    known.set(text, { found })
    return found
  }
}

const wordsOfPage = remembering(split)

function split(text: string): readonly string[] {
  const words =
    fold(text).match(/\p{Script=Han}|[\p{Script=Hiragana}\p{Script=Katakana}]|[\p{L}\p{N}]+/gu) ?? []
  // `α-synuclein` and `alpha-synuclein` are the same name.
  return GREEK_LETTER.test(text) ? words.map((word) => GREEK_NAMES.get(word) ?? word) : words
}

const GREEK_LETTER = /[α-ω]/iu
const GREEK_NAMES: ReadonlyMap<string, string> = new Map(
  Object.entries(GREEK)
    .filter(([, letter]) => /^[α-ω]$/u.test(letter))
    .map(([name, letter]) => [letter, name.toLowerCase()])
)

/** Letters and digits only: ignores spaces, so it also matches letter-spaced headings. */
export function squeezed(text: string): string {
  return fold(text).replace(/[^\p{L}\p{N}]+/gu, '')
}

/** Whether two words may be the same, with an error of printing or text recognition. */
export function nearlySame(one: string, other: string): boolean {
  if (one === other) return true
  // Every word of a title is compared with every word of a page: the cheap checks come first.
  const longest = Math.max(one.length, other.length)
  const allowed = longest >= 9 ? 2 : longest >= 5 ? 1 : 0
  if (allowed === 0 || Math.abs(one.length - other.length) > allowed) return false
  // An error at both ends at once is rare.
  const sameEnd = one.charCodeAt(one.length - 1) === other.charCodeAt(other.length - 1)
  if (!sameEnd && one.charCodeAt(0) !== other.charCodeAt(0)) return false
  return distance(one, other, allowed) <= allowed
}

/** Levenshtein's distance; above `most` it is some number above `most`. */
function distance(one: string, other: string, most: number): number {
  const row = Array.from({ length: other.length + 1 }, (_, index) => index)
  for (let i = 1; i <= one.length; i += 1) {
    const letter = one.charCodeAt(i - 1)
    let diagonal = i - 1
    let left = i
    let least = i
    for (let j = 1; j <= other.length; j += 1) {
      const above = row[j] ?? 0
      const changed = diagonal + (letter === other.charCodeAt(j - 1) ? 0 : 1)
      diagonal = above
      left = Math.min(changed, above + 1, left + 1)
      row[j] = left
      if (left < least) least = left
    }
    // No cell of a later row is less than the minimum of this one.
    if (least > most) return least
  }
  return row[other.length] ?? 0
}
