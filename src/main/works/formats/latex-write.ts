/**
 * Escapes text and LaTeX for a `.bib`, the only place that does so. A value cannot leave its braces and
 * cannot run a command: only commands for letters, symbols, fonts and mathematics pass. Letters and symbols
 * that pdfLaTeX supports are written so that it finds them (UTF-8 and T1, LaTeX's own defaults); other
 * scripts stay Unicode, which XeLaTeX and LuaLaTeX set. Source: utf8enc.dfu of LaTeX 2023.
 */
import { oneLine } from '../../../contract/exits'
import { COMBINING, latexToText, SUBSCRIPT, SUPERSCRIPT, SYMBOLS } from './latex'

const ESCAPES: Readonly<Record<string, string>> = {
  '\\': '\\textbackslash{}',
  '{': '\\textbraceleft{}',
  '}': '\\textbraceright{}',
  '~': '\\textasciitilde{}',
  '^': '\\textasciicircum{}',
  $: '\\$',
  '&': '\\&',
  '#': '\\#',
  '%': '\\%',
  _: '\\_'
}

/** Text as a BibTeX value in one line: braces stay balanced for any input. */
export function textToLatex(text: string): string {
  return lettersToLatex(oneLine(text).replace(/[\\{}~^$&#%_]/g, (char) => ESCAPES[char] ?? char))
    .replace(/-(?=-)/g, '-{}')
    .replace(/`(?=`)/g, '`{}')
    .replace(/'(?=')/g, "'{}")
}

/** Characters that LaTeX sets without a package, besides ASCII: Latin letters, punctuation, a few symbols. */
const KNOWN = /^[\u00a1-\u017f\u0218-\u021b\u2010-\u2022\u2026\u2030\u2039\u203a\u20ac\u2122]$/u
const BEYOND = /\P{ASCII}/gu

/** Characters that only mathematics or a command provides. */
const BY_COMMAND: ReadonlyMap<string, string> = new Map([
  ...Object.entries(SYMBOLS).flatMap(([name, char]): [string, string][] => {
    if (char === '−') return [[char, '\\textminus{}']]
    const isMath = /^[\u0370-\u03ff\u2032\u2100-\u22ff\u27e8\u27e9]$/u.test(char)
    if (!isMath || /^(?:text|var)|^to$|^le$|^ge$/.test(name)) return []
    // `\\sqrt` requires an argument; `\\surd` is the bare sign.
    return name === 'sqrt' ? [] : [[char, `\\ensuremath{\\${name}}`]]
  }),
  ...scripts(SUBSCRIPT, '_'),
  ...scripts(SUPERSCRIPT, '^').filter(([char]) => !KNOWN.test(char)),
  ['\u00a0', '~'],
  ['\u202f', '~'],
  ['\u00ad', ''],
  ['\u200b', ''],
  ['\u2060', ''],
  ['\ufeff', '']
])

function scripts(table: Readonly<Record<string, string>>, sign: string): [string, string][] {
  return Object.entries(table).map(([plain, char]) => [char, `$${sign}{${plain}}$`])
}

const COMMAND_OF_MARK = new Map(Object.entries(COMBINING).map(([command, mark]) => [mark, command]))

function lettersToLatex(text: string): string {
  return text.normalize('NFC').replace(BEYOND, (char) => {
    if (KNOWN.test(char)) return char
    return BY_COMMAND.get(char) ?? accentedToLatex(char) ?? char
  })
}

/** `ṣ` as `{\d{s}}`, `ế` as `{\'{\^{e}}}`; null for a character that is not a Latin letter with known marks. */
function accentedToLatex(char: string): string | null {
  const [base = '', ...marks] = Array.from(char.normalize('NFD'))
  if (!/^[A-Za-z]$/.test(base) || marks.length === 0) return null
  let latex = base
  for (const mark of marks) {
    const command = COMMAND_OF_MARK.get(mark)
    if (command === undefined) return null
    latex = `\\${command}{${latex}}`
  }
  return `{${latex}}`
}

/** Commands that only change how their argument is set, and standard mathematics. */
const HARMLESS = new Set(
  [
    'it em bf sc rm tt sl sf emph textit textbf textsc textrm texttt textsf textsl textup textmd textnormal',
    'textsuperscript textsubscript textgreek mathrm mathbf mathit mathsf mathtt mathcal mathbb mathfrak mathscr',
    'boldmath unboldmath mbox text url href path nolinkurl ensuremath protect noopsort left right big Big bigl bigr',
    'frac tfrac dfrac binom sqrt sum int prod oint overline underline bar hat widehat tilde widetilde vec dot ddot',
    'slash newline and or with star bullet dagger ddagger cdots vdots ddots ldots quad qquad enspace thinspace',
    'Re Im sin cos tan cot sinh cosh tanh arcsin arccos arctan log ln lg exp max min sup inf lim limsup liminf det',
    'dim ker deg gcd hom arg Pr mod bmod pmod operatorname mid nmid setminus backslash leqslant geqslant lesssim',
    'gtrsim prec succ sqcup sqcap uplus wr amalg bigcup bigcap bigoplus bigotimes rtimes ltimes times hookrightarrow',
    'twoheadrightarrow rightsquigarrow longrightarrow Longrightarrow leftrightarrows iff implies rightharpoonup',
    'varphi varepsilon vartheta varrho varsigma varpi digamma aleph beth wp imath jmath triangle square Box diamond',
    'lbrace rbrace lbrack rbrack lceil rceil lfloor rfloor vert Vert lvert rvert lVert rVert overrightarrow',
    'displaystyle textstyle scriptstyle scriptscriptstyle limits nolimits mathop mathbin mathrel mathord',
    'enquote mkbibquote mkbibemph mkbibbold mkbibitalic bibinfo natexlab relax smash phantom ast cdot'
  ].flatMap((line) => line.split(' '))
)

/** A value of the user's own `.bib`, in one line: unchanged where it is valid, else converted to plain text. */
export function safeLatex(raw: string): string {
  const line = withNamedBraces(oneLine(raw))
  return isSound(line) ? escapeBare(line) : textToLatex(latexToText(line))
}

/** BibTeX counts `\{` as a brace, so that a single one would open a group for the rest of the file. */
function withNamedBraces(raw: string): string {
  if (!/\\[{}]/.test(raw)) return raw
  let inMath = false
  return raw.replace(/\\[^A-Za-z]|\$/g, (found) => {
    if (found === '$') inMath = !inMath
    if (found === '\\{') return inMath ? '\\lbrace{}' : '\\textbraceleft{}'
    if (found === '\\}') return inMath ? '\\rbrace{}' : '\\textbraceright{}'
    return found
  })
}

function isSound(raw: string): boolean {
  let depth = 0
  let dollars = 0
  for (let at = 0; at < raw.length; at++) {
    const char = raw[at]
    if (char === '\\') {
      const word = /^[A-Za-z]+/.exec(raw.slice(at + 1, at + 40))?.[0]
      if (word !== undefined && !(word in COMBINING) && !(word in SYMBOLS) && !HARMLESS.has(word))
        return false
      at += Math.max(word?.length ?? 1, 1)
      if (at >= raw.length && word === undefined) return false
    } else if (char === '{') depth++
    else if (char === '}') {
      if (--depth < 0) return false
    } else if (char === '$') dollars++
  }
  return depth === 0 && dollars % 2 === 0
}

/** Addresses in a command of their own are set verbatim. */
const ADDRESSES = /(\\(?:url|path|nolinkurl|href)\s*\{[^{}]*\})/

/** Escapes characters that would stop a LaTeX run, where the author forgot to. */
function escapeBare(raw: string): string {
  return raw
    .split(ADDRESSES)
    .map((part) => (ADDRESSES.test(part) ? part : escapePart(part)))
    .join('')
}

function escapePart(raw: string): string {
  const escaped = raw.replace(/(\\[^A-Za-z])|[&%#]/g, (char, kept: string | undefined) => kept ?? `\\${char}`)
  const plain = /\$|\\ensuremath/.test(raw)
    ? escaped
    : escaped.replace(
        /(\\.)|[_^]/g,
        (char, kept: string | undefined) => kept ?? (char === '_' ? '\\_' : '\\textasciicircum{}')
      )
  return lettersOutsideMath(plain)
}

/** Between `$` a command needs nothing else; elsewhere it needs its own mathematics. */
function lettersOutsideMath(raw: string): string {
  return raw
    .split(/((?<!\\)\$[^$]*\$)/)
    .map((part, at) => (at % 2 === 0 ? lettersToLatex(part) : part.replace(BEYOND, inMath)))
    .join('')
}

function inMath(char: string): string {
  return char === '−' ? '-' : (BY_COMMAND.get(char) ?? char).replace(/^\$(.*)\$$/, '$1')
}
