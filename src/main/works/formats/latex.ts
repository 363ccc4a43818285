/**
 * Converts LaTeX in reference fields to plain Unicode (`latex-write.ts` is the reverse). Only constructs of
 * bibliographies: accents, letters, symbols, simple mathematics, formatting that is dropped. An unknown
 * command loses its backslash, never its content. It does not expand macros.
 */
export const COMBINING: Readonly<Record<string, string>> = {
  '`': '\u0300',
  "'": '\u0301',
  '^': '\u0302',
  '~': '\u0303',
  '=': '\u0304',
  u: '\u0306',
  '.': '\u0307',
  '"': '\u0308',
  r: '\u030a',
  H: '\u030b',
  v: '\u030c',
  d: '\u0323',
  c: '\u0327',
  k: '\u0328',
  b: '\u0331',
  t: '\u0361'
}

export const SYMBOLS: Readonly<Record<string, string>> = {
  ss: 'ß',
  SS: 'ẞ',
  o: 'ø',
  O: 'Ø',
  l: 'ł',
  L: 'Ł',
  ae: 'æ',
  AE: 'Æ',
  oe: 'œ',
  OE: 'Œ',
  aa: 'å',
  AA: 'Å',
  i: 'ı',
  j: 'ȷ',
  dh: 'ð',
  DH: 'Ð',
  th: 'þ',
  TH: 'Þ',
  dj: 'đ',
  DJ: 'Đ',
  ng: 'ŋ',
  NG: 'Ŋ',
  textendash: '–',
  textemdash: '—',
  textquoteleft: '‘',
  textquoteright: '’',
  textquotedblleft: '“',
  textquotedblright: '”',
  textquotesingle: "'",
  textquotedbl: '"',
  quotedblbase: '„',
  quotesinglbase: '‚',
  guillemotleft: '«',
  guillemotright: '»',
  guillemetleft: '«',
  guillemetright: '»',
  textless: '<',
  textgreater: '>',
  textbar: '|',
  textbackslash: '\\',
  textbraceleft: '{',
  textbraceright: '}',
  lbrace: '{',
  rbrace: '}',
  textasciitilde: '~',
  textasciicircum: '^',
  textasciigrave: '`',
  textunderscore: '_',
  textdollar: '$',
  textdegree: '°',
  degree: '°',
  textregistered: '®',
  textcopyright: '©',
  copyright: '©',
  texttrademark: '™',
  textbullet: '•',
  textellipsis: '…',
  ldots: '…',
  dots: '…',
  textperiodcentered: '·',
  cdot: '·',
  S: '§',
  P: '¶',
  pounds: '£',
  textsterling: '£',
  euro: '€',
  texteuro: '€',
  textmu: 'µ',
  times: '×',
  pm: '±',
  mp: '∓',
  div: '÷',
  infty: '∞',
  leq: '≤',
  le: '≤',
  geq: '≥',
  ge: '≥',
  neq: '≠',
  approx: '≈',
  sim: '∼',
  equiv: '≡',
  to: '→',
  rightarrow: '→',
  leftarrow: '←',
  leftrightarrow: '↔',
  Rightarrow: '⇒',
  in: '∈',
  partial: '∂',
  nabla: '∇',
  sum: '∑',
  prod: '∏',
  int: '∫',
  sqrt: '√',
  surd: '√',
  textminus: '−',
  cup: '∪',
  cap: '∩',
  subset: '⊂',
  subseteq: '⊆',
  supset: '⊃',
  supseteq: '⊇',
  notin: '∉',
  forall: '∀',
  exists: '∃',
  emptyset: '∅',
  propto: '∝',
  parallel: '∥',
  perp: '⊥',
  oplus: '⊕',
  otimes: '⊗',
  circ: '∘',
  ast: '∗',
  wedge: '∧',
  vee: '∨',
  ll: '≪',
  gg: '≫',
  cong: '≅',
  simeq: '≃',
  mapsto: '↦',
  uparrow: '↑',
  downarrow: '↓',
  Leftarrow: '⇐',
  Leftrightarrow: '⇔',
  langle: '⟨',
  rangle: '⟩',
  textdagger: '†',
  textdaggerdbl: '‡',
  textperthousand: '‰',
  textohm: 'Ω',
  ell: 'ℓ',
  hbar: 'ℏ',
  prime: '′',
  alpha: 'α',
  beta: 'β',
  gamma: 'γ',
  delta: 'δ',
  epsilon: 'ε',
  varepsilon: 'ε',
  zeta: 'ζ',
  eta: 'η',
  theta: 'θ',
  vartheta: 'ϑ',
  iota: 'ι',
  kappa: 'κ',
  lambda: 'λ',
  mu: 'μ',
  nu: 'ν',
  xi: 'ξ',
  pi: 'π',
  rho: 'ρ',
  sigma: 'σ',
  varsigma: 'ς',
  tau: 'τ',
  upsilon: 'υ',
  phi: 'φ',
  varphi: 'φ',
  chi: 'χ',
  psi: 'ψ',
  omega: 'ω',
  Gamma: 'Γ',
  Delta: 'Δ',
  Theta: 'Θ',
  Lambda: 'Λ',
  Xi: 'Ξ',
  Pi: 'Π',
  Sigma: 'Σ',
  Upsilon: 'Υ',
  Phi: 'Φ',
  Psi: 'Ψ',
  Omega: 'Ω',
  textalpha: 'α',
  textbeta: 'β',
  textgamma: 'γ',
  LaTeX: 'LaTeX',
  TeX: 'TeX',
  BibTeX: 'BibTeX',
  newline: ' ',
  quad: ' ',
  space: ' '
}

export const SUPERSCRIPT: Readonly<Record<string, string>> = {
  0: '⁰',
  1: '¹',
  2: '²',
  3: '³',
  4: '⁴',
  5: '⁵',
  6: '⁶',
  7: '⁷',
  8: '⁸',
  9: '⁹',
  '+': '⁺',
  '-': '⁻',
  n: 'ⁿ',
  '∘': '°'
}
export const SUBSCRIPT: Readonly<Record<string, string>> = {
  0: '₀',
  1: '₁',
  2: '₂',
  3: '₃',
  4: '₄',
  5: '₅',
  6: '₆',
  7: '₇',
  8: '₈',
  9: '₉',
  '+': '₊',
  '-': '₋'
}

export interface LatexOptions {
  /** an address or identifier: `~`, `--`, `$` and quotes stay unchanged */
  readonly verbatim?: boolean
}

/** Plain text in one line, in NFC. */
export function latexToText(source: string, options: LatexOptions = {}): string {
  const verbatim = options.verbatim === true
  if (!/[\\{}$~]|--|``|''/.test(source)) return source.replace(/\s+/g, ' ').trim()
  return unfold(source, verbatim).normalize('NFC').replace(/\s+/g, ' ').trim()
}

function unfold(source: string, verbatim: boolean): string {
  let out = ''
  let inMath = false
  let at = 0
  while (at < source.length) {
    const char = source[at] ?? ''
    if (char === '\\') {
      const command = readCommand(source, at, verbatim)
      out += command.text
      at = command.end
    } else if (char === '{' || char === '}') {
      at++
    } else if (verbatim) {
      out += char
      at++
    } else if (char === '$') {
      inMath = !inMath
      at++
    } else if (inMath && (char === '^' || char === '_')) {
      const argument = readArgument(source, at + 1)
      out += script(unfold(argument.text, verbatim), char)
      at = argument.end
    } else {
      const [from, to] = LIGATURES.find(([written]) => source.startsWith(written, at)) ?? [char, char]
      out += to
      at += from.length
    }
  }
  return out
}

const LIGATURES: readonly (readonly [string, string])[] = [
  ['---', '—'],
  ['--', '–'],
  ['``', '“'],
  ["''", '”'],
  ['~', ' ']
]

function readCommand(source: string, at: number, verbatim: boolean): { text: string; end: number } {
  const symbol = source[at + 1] ?? ''
  if (/[A-Za-z]/.test(symbol)) {
    const name = /^[A-Za-z]+/.exec(source.slice(at + 1, at + 33))?.[0] ?? symbol
    return readWord(source, at + 1 + name.length, name, verbatim)
  }
  const accent = COMBINING[symbol]
  if (accent !== undefined) return accented(source, at + 2, accent, verbatim)
  if (symbol === '\\' || symbol === ' ' || symbol === ',' || symbol === ';' || symbol === '\n')
    return { text: ' ', end: at + 2 }
  if (symbol === '-' || symbol === '/' || symbol === '!' || symbol === '(' || symbol === ')')
    return { text: verbatim && symbol !== '-' ? symbol : '', end: at + 2 }
  return { text: symbol, end: at + 2 }
}

/** `\c{c}`, `\ss`, `\emph{…}`: a word after the backslash. `after` is the offset after the word. */
function readWord(
  source: string,
  after: number,
  name: string,
  verbatim: boolean
): { text: string; end: number } {
  const accent = COMBINING[name]
  if (accent !== undefined && /^(?:\s*\{|\s+\S)/.test(source.slice(after, after + 8)))
    return accented(source, after, accent, verbatim)
  const symbol = SYMBOLS[name]
  if (symbol !== undefined) {
    const gap = /^(?:\s*\{\}|\s+)/.exec(source.slice(after, after + 16))?.[0] ?? ''
    return { text: symbol, end: after + gap.length }
  }
  if (name === 'href') {
    const target = readArgument(source, after)
    return { text: `${target.text} `, end: target.end }
  }
  if (source[after] === '{') return { text: '', end: after }
  const font =
    /^(?:it|em|bf|sc|rm|tt|sl|sf|itshape|bfseries|scshape|upshape|emph|text\w+|math\w+|url|path|protect|relax|noopsort|left|right|displaystyle)$/
  const gap = /^\s*/.exec(source.slice(after, after + 16))?.[0] ?? ''
  return font.test(name) ? { text: '', end: after + gap.length } : { text: name, end: after }
}

function accented(
  source: string,
  from: number,
  accent: string,
  verbatim: boolean
): { text: string; end: number } {
  const argument = readArgument(source, from)
  const plain = unfold(argument.text, verbatim)
  const [base = '', ...rest] = Array.from(plain)
  const dotted = base === 'ı' ? 'i' : base === 'ȷ' ? 'j' : base
  // `\~{}` in an address is a tilde.
  const bare = verbatim && accent === '\u0303' ? '~' : ''
  // Marks are in the order of their commands: `\'{\~{o}}`.
  const marks = rest.findIndex((char) => !/\p{M}/u.test(char))
  const at = marks < 0 ? rest.length : marks
  const text = dotted + rest.slice(0, at).join('') + accent + rest.slice(at).join('')
  return { text: base === '' ? bare : text, end: argument.end }
}

/** The argument of a command: a group in braces, a command, or one character. */
function readArgument(source: string, from: number): { text: string; end: number } {
  let at = from
  while (/\s/.test(source[at] ?? '')) at++
  if (source[at] === '{') {
    const end = closingBrace(source, at)
    return { text: source.slice(at + 1, end), end: end + 1 }
  }
  if (source[at] === '\\') {
    const name = /^\\(?:[A-Za-z]+|.)/s.exec(source.slice(at, at + 33))?.[0] ?? '\\'
    return { text: name, end: at + name.length }
  }
  const char = String.fromCodePoint(source.codePointAt(at) ?? 0x20)
  return { text: at < source.length ? char : '', end: at + char.length }
}

function closingBrace(source: string, open: number): number {
  let depth = 0
  for (let at = open; at < source.length; at++) {
    if (source[at] === '{') depth++
    else if (source[at] === '}' && --depth === 0) return at
  }
  return source.length
}

function script(text: string, kind: '^' | '_'): string {
  const table = kind === '^' ? SUPERSCRIPT : SUBSCRIPT
  const chars = Array.from(text)
  return chars.every((char) => char in table) ? chars.map((char) => table[char] ?? '').join('') : text
}
