/**
 * JSON Lines: one object, or one text, per line. Sheaf's own manifest and exports, dumps of CSL items and of
 * OpenAlex works. A broken line does not affect others.
 */
import { forJson } from '../../../contract/exits'
import { parsePiece, whyNot } from './csl-json'
import {
  badLine,
  fieldsOfWork,
  type FormatProblem,
  type FormatReading,
  type RawEntry,
  type WriteEntry
} from './entry'
import { entryOfJson } from './json-item'

export function readJsonlReferences(text: string): FormatReading {
  const entries: RawEntry[] = []
  const problems: FormatProblem[] = []
  text.split('\n').forEach((raw, at) => {
    const line = raw.trim()
    if (line === '') return
    const read = parsePiece(line)
    const entry = read.kind === 'value' ? entryOfJson(read.value, at + 1, line) : null
    if (entry !== null) entries.push(entry)
    else problems.push(badLine(at + 1, line, whyNot(read, 'line')))
  })
  return { entries, problems }
}

/** A `.jsonl` file line by line, with a fixed order of members. */
export function* jsonlPieces(entries: Iterable<WriteEntry>): Generator<string> {
  for (const entry of entries) yield `${forJson(fieldsOfWork(entry))}\n`
}
