/**
 * Text from outside on its way out: one function for each exit. A title, a file name, an error of a
 * server or of the disk may hold anything; what a terminal, a spreadsheet or a page would obey is taken
 * out or escaped here, and nowhere else. Pure; all are idempotent but `forHtml`.
 * TeX has its own in `src/main/works/formats/latex.ts`.
 */

/**
 * What changes the order in which text is shown (embeddings, overrides, isolates, marks), and invisible
 * letters with which text is smuggled. Source: UAX #9 §2; Trojan Source, CVE-2021-42574; Unicode tags.
 */
const INVISIBLE = /[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\ufff9-\ufffb]|[\u{e0000}-\u{e007f}]/gu
const SURROGATE = /\p{Surrogate}/gu

/** Line ends of every kind but `\n`. */
const OTHER_LINE_END = /\r\n?|[\u0085\u2028\u2029]/g

/**
 * For a terminal, a log line, a notification or a tooltip: no control characters (C0, C1, DEL) but `\n` and
 * tab, nothing that turns the direction of text, no half characters. What is taken out leaves U+FFFD.
 */
export function forTerminal(text: string): string {
  if (/^[\n\t -~]*$/.test(text)) return text
  return text
    .replace(OTHER_LINE_END, '\n')
    .replace(INVISIBLE, '')
    .replace(/[^\P{Cc}\n\t]/gu, '\ufffd')
    .replace(SURROGATE, '\ufffd')
}

/** The same on one line: a title with a line end in it cannot look like a line of ours. */
export function oneLine(text: string): string {
  if (/^[ -~]*$/.test(text)) return text
  return forTerminal(text).replace(/\s+/g, (blank) => (/[\n\t]/.test(blank) ? ' ' : blank))
}

/** `=`, `+`, `-` and `@`, also in their full width, begin a formula, even behind blanks. */
const FORMULA = /^\s*[=+\-@\uff1d\uff0b\uff0d\uff20]/

/**
 * For a cell of a table: a CSV or TSV file, and lines that are copied and may be pasted into one. A
 * formula becomes text by the apostrophe that spreadsheets use themselves. Source: OWASP, “CSV Injection”.
 */
export function forTable(text: string): string {
  const line = oneLine(text)
  return FORMULA.test(line) ? `'${line}` : line
}

/** A cell as it was before `forTable`. */
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
 * JSON on one line that a terminal shows as it is: the data stay what they were, and what a terminal would
 * obey is written as `\uXXXX`. (C0 controls and half characters are escaped by JSON itself.)
 */
export function forJson(value: unknown): string {
  return JSON.stringify(value).replace(
    /[\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufff9-\ufffb]/g,
    (letter) => `\\u${letter.charCodeAt(0).toString(16).padStart(4, '0')}`
  )
}
