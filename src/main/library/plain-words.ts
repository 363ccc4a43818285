/**
 * Texts made comparable: a title from a service and the same title in a PDF differ in accents,
 * ligatures, hyphens at line ends, markup and letter case, and in nothing that matters. Pure.
 */
import { withoutElements } from '../../contract/scan'

/** Markup that services leave in titles: tags, MathML, LaTeX commands, entities. */
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

/** Lower case, without accents and ligatures; words parted at line ends are whole again. */
export function fold(text: string): string {
  const whole = text.includes('\n')
    ? text.replace(/(?<=\p{L})[-‐\u00ad][^\S\n]{0,40}\n\s{0,40}(?=\p{Ll})/gu, '')
    : text
  // Most pages of most papers are plain ASCII, for which this is all.
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
  if (text.length < REMEMBERED_FROM) return split(text)
  const before = remembered.get(text)
  if (before !== undefined) return before
  const words = split(text)
  if (remembered.size >= MOST_REMEMBERED) remembered.clear()
  remembered.set(text, words)
  return words
}

/** A page is looked through for several things in turn; its words are found once. */
const remembered = new Map<string, readonly string[]>()
const REMEMBERED_FROM = 300
const MOST_REMEMBERED = 8

function split(text: string): readonly string[] {
  const words =
    fold(text).match(/\p{Script=Han}|[\p{Script=Hiragana}\p{Script=Katakana}]|[\p{L}\p{N}]+/gu) ?? []
  // `α-synuclein` and `alpha-synuclein` are one name.
  return GREEK_LETTER.test(text) ? words.map((word) => GREEK_NAMES.get(word) ?? word) : words
}

const GREEK_LETTER = /[α-ω]/iu
const GREEK_NAMES: ReadonlyMap<string, string> = new Map(
  Object.entries(GREEK)
    .filter(([, letter]) => /^[α-ω]$/u.test(letter))
    .map(([name, letter]) => [letter, name.toLowerCase()])
)

/** Letters and digits only: blind to spaces, so also to letter-spaced headings. */
export function squeezed(text: string): string {
  return fold(text).replace(/[^\p{L}\p{N}]+/gu, '')
}

/** May two words be one, with an error of the printer or the reader in between? */
export function nearlySame(one: string, other: string): boolean {
  if (one === other) return true
  // An error at both ends at once is rare, and comparing every word with every other is not.
  if (one[0] !== other[0] && one.at(-1) !== other.at(-1)) return false
  const longest = Math.max(one.length, other.length)
  const allowed = longest >= 9 ? 2 : longest >= 5 ? 1 : 0
  return Math.abs(one.length - other.length) <= allowed && allowed > 0 && distance(one, other) <= allowed
}

/** Levenshtein's distance. */
function distance(one: string, other: string): number {
  let row = Array.from({ length: other.length + 1 }, (_, index) => index)
  for (let i = 1; i <= one.length; i += 1) {
    const next = [i]
    for (let j = 1; j <= other.length; j += 1) {
      const change = (row[j - 1] ?? 0) + (one[i - 1] === other[j - 1] ? 0 : 1)
      next.push(Math.min(change, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1))
    }
    row = next
  }
  return row[other.length] ?? 0
}
