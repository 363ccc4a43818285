/**
 * Splits a JSON list into its elements before they are parsed, so that each keeps its line, and one broken
 * element does not affect others. It finds boundaries; it does not check the text between them.
 */

export interface JsonPiece {
  readonly text: string
  /** 1-based */
  readonly line: number
  /** the indentation of its first line, when it began its line; else -1 */
  readonly column: number
  /** false: the file ends before the element does */
  readonly closed: boolean
}

/**
 * The elements of the list in the text, or of the list that an answer wraps (`{"items": […]}`, Crossref's
 * `message`, OpenAlex's `results`); the single object when there is no such list.
 */
export function jsonPieces(text: string): JsonPiece[] {
  return cutList(text, startOfList(text), text.trimStart().startsWith('['))
}

/** A member whose value is a list of objects. */
const LISTS = /"([\w:.@ -]{1,60})"\s*:\s*\[(?=\s*\{)/g
/** Lists that are about a work, or about the answer, not lists of works. */
const NOT_WORKS =
  /^(?:authors?|creators?|editors?|contributors?|cited_?by|citations?|facets?|links?|licen[cs]es?|funders?|institutions|affiliations?|concepts|topics|keywords|identifiers?|external_?ids|pids|relations?|titles|dates|tags|attachments|collections|assertion|meta|counts_by_year|locations|grants|mesh|chemicals|versions|fields?|journal|descriptions|subjects|reference|institution|update-to|updated-by|is-[\w-]+|has-[\w-]+|project|award|clinical-trial-number|free-to-read|issn-type|isbn-type|review|standards-body|event|posted|published|issued|accepted|messages|errors|warnings|filters|aggregations|buckets|params|sort)$/i

/** The offset after the list's opening bracket, or of the first object when the text is not a list. */
function startOfList(text: string): number {
  const first = /\S/.exec(text)?.index ?? 0
  if (text[first] === '[') return first + 1
  if (text[first] !== '{') return first
  LISTS.lastIndex = 0
  for (let found = LISTS.exec(text); found !== null; found = LISTS.exec(text)) {
    if (found.index > 50_000) break
    if (NOT_WORKS.test(found[1] ?? '')) continue
    // A work may itself contain a list of references: a wrapper is at most three levels deep.
    const first = text.slice(LISTS.lastIndex, LISTS.lastIndex + 20_000)
    if (!SAYS_A_WORK.test(first.slice(0, endOfList(first)))) continue
    if (depthAt(text, found.index) <= 3 && !isWork(text.slice(0, found.index))) return LISTS.lastIndex
  }
  return first
}

/** The offset after the list that the text begins with, or the text's length if it ends before. */
function endOfList(text: string): number {
  let depth = 1
  for (let at = 0; at < text.length; at++) {
    const char = text[at]
    if (char === '"') at = endOfString(text, at)
    else if (char === '{' || char === '[') depth++
    else if ((char === '}' || char === ']') && --depth === 0) return at
  }
  return text.length
}

/** The list names a work. */
const SAYS_A_WORK =
  /"(?:title|titles|doi|display_name|name|pmid|externalids|identifiers?|ids?|dc:title|prism:doi|metadata|attributes|bibjson|info|pids|articletitle|title_s|doiid_s|halid_s|uri_s)"\s*:/i

function isWork(before: string): boolean {
  return /"(?:title|display_name|doi)"\s*:/i.test(before)
}

function depthAt(text: string, end: number): number {
  let depth = 0
  for (let at = 0; at < end; at++) {
    const char = text[at]
    if (char === '"') at = endOfString(text, at)
    else if (char === '{' || char === '[') depth++
    else if (char === '}' || char === ']') depth--
  }
  return depth
}

function cutList(text: string, from: number, isBare: boolean): JsonPiece[] {
  const pieces: JsonPiece[] = []
  let line = text.slice(0, from).split('\n').length
  let begin = -1
  let beginLine = line
  let beginColumn = -1
  let lineStart = text.lastIndexOf('\n', from - 1) + 1
  let isBlank = text.slice(lineStart, from).trim() === ''
  let depth = 0
  const end = (at: number, closed: boolean): void => {
    const piece = begin < 0 ? '' : text.slice(begin, at).trim()
    if (piece !== '') pieces.push({ text: piece, line: beginLine, column: beginColumn, closed })
    begin = -1
  }
  for (let at = from; at < text.length; at++) {
    const char = text[at] ?? ''
    if (char === '\n') {
      line++
      lineStart = at + 1
      isBlank = true
      continue
    }
    if (/\s/.test(char)) continue
    const startsLine = isBlank
    isBlank = false
    if (depth === 0 && char === ',') {
      end(at, true)
      continue
    }
    if (depth === 0 && char === ']') {
      end(at, true)
      // After the list of an answer comes the rest of the answer; after a bare list, nothing should.
      if (isBare && text.slice(at + 1).trim() !== '') {
        begin = at + 1
        beginLine = line
        end(text.length, true)
      }
      return pieces
    }
    if (begin < 0) {
      begin = at
      beginLine = line
      beginColumn = startsLine ? at - lineStart : -1
    }
    if (char === '"') at = endOfString(text, at)
    else if (char === '{' || char === '[') depth++
    else if (char === '}' || char === ']') depth = Math.max(0, depth - 1)
  }
  end(text.length, depth === 0)
  return pieces
}

/**
 * A piece that cannot be parsed may contain the next elements too, when a bracket is missing: split again at
 * lines with the indentation of the piece's first line. Only for broken pieces: in a valid one such a line
 * can be anything.
 */
export function cutAgain(piece: JsonPiece): JsonPiece[] {
  const cut: JsonPiece[] = []
  const lines = piece.text.split('\n')
  let from = 0
  for (let at = 1; at <= lines.length; at++) {
    const line = lines[at]
    const begins =
      line === undefined || (line.startsWith('{', piece.column) && line.slice(0, piece.column).trim() === '')
    if (!begins) continue
    const text = lines.slice(from, at).join('\n').trim().replace(/,$/, '')
    cut.push({
      text,
      line: piece.line + from,
      column: piece.column,
      closed: piece.closed || line !== undefined
    })
    from = at
  }
  return cut
}

/** The offset of the closing quote; the end of the line closes an unclosed string. */
function endOfString(text: string, open: number): number {
  for (let at = open + 1; at < text.length; at++) {
    const code = text.charCodeAt(at)
    if (code === 0x5c) at++
    else if (code === 0x22) return at
    else if (code === 0x0a) return at - 1
  }
  return text.length
}
