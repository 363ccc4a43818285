/**
 * Escapes untrusted text for output: one function for each destination. A title, a file name, or an error of
 * a server or disk may contain anything; what a terminal, a spreadsheet or a page would interpret is removed
 * or escaped here, and nowhere else. Pure; all except `forHtml` are idempotent. TeX has its own in
 * `src/main/works/formats/latex.ts`.
 */

/**
 * Characters that change the direction of text (embeddings, overrides, isolates, marks), and invisible
 * characters used to smuggle text. Source: UAX #9 §2; Trojan Source, CVE-2021-42574; Unicode tags.
 */
const INVISIBLE = /[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\ufff9-\ufffb]|[\u{e0000}-\u{e007f}]/gu
const SURROGATE = /\p{Surrogate}/gu

/** Line ends except `\n`. */
const OTHER_LINE_END = /\r\n?|[\u0085\u2028\u2029]/g

/**
 * For a terminal, a log line, a notification or a tooltip: replaces control characters (C0, C1, DEL) except
 * `\n` and tab, bidirectional controls and lone surrogates by U+FFFD.
 */
export function forTerminal(text: string): string {
  if (/^[\n\t -~]*$/.test(text)) return text
  return text
    .replace(OTHER_LINE_END, '\n')
    .replace(INVISIBLE, '')
    .replace(/[^\P{Cc}\n\t]/gu, '\ufffd')
    .replace(SURROGATE, '\ufffd')
}

/** The same for a single line: a title with a line end cannot imitate a line of output. */
export function oneLine(text: string): string {
  if (/^[ -~]*$/.test(text)) return text
  return forTerminal(text).replace(/\s+/g, (blank) => (/[\n\t]/.test(blank) ? ' ' : blank))
}

/** `=`, `+`, `-` and `@`, also as full-width characters, start a formula, even after blanks. */
const FORMULA = /^\s*[=+\-@\uff1d\uff0b\uff0d\uff20]/

/**
 * For a cell of a table: a CSV or TSV file, and copied lines that may be pasted into one. A formula becomes
 * text by the apostrophe that spreadsheets use themselves. Source: OWASP, “CSV Injection”.
 */
export function forTable(text: string): string {
  const line = oneLine(text)
  return FORMULA.test(line) ? `'${line}` : line
}

/** Reverses `forTable`. */
export function fromTable(cell: string): string {
  return cell.startsWith("'") && FORMULA.test(cell.slice(1)) ? cell.slice(1) : cell
}

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;'
}

/** For HTML, SVG and XML, between tags and within a quoted attribute. */
export function forHtml(text: string): string {
  return forTerminal(text).replace(/[&<>"']/g, (letter) => ENTITIES[letter] ?? letter)
}

/**
 * JSON on one line, safe for a terminal: the data stay equal, and characters that a terminal would interpret
 * are written as `\uXXXX`. (JSON itself escapes C0 controls and lone surrogates.)
 */
export function forJson(value: unknown): string {
  return JSON.stringify(value).replace(
    /[\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufff9-\ufffb]/g,
    (letter) => `\\u${letter.charCodeAt(0).toString(16).padStart(4, '0')}`
  )
}
