/**
 * Reads a `.bib` file with one character per byte (or UTF-16 unit), so that the written file differs only in
 * what was added, and finds the links of entries whose papers are in the library.
 */
import { relative, resolve, sep } from 'node:path'
import { fail } from '../../../contract/errors'
import { shownPath, type WorkDraft } from '../../../contract/work'
import type { Files } from '../../platform/files'
import type { BibLink } from '../../works/works'
import { readNamedFile } from '../../platform/read-named-file'
import { markedUtf16 } from '../../platform/utf16'

export interface BibText {
  readonly bytes: Uint8Array
  readonly text: string
  readonly bytesOf: (text: string) => Uint8Array
  /** a path in the characters of `text`; null when the file's encoding cannot represent it */
  readonly encode: (path: string) => string | null
}

/** Throws FILE_NOT_FOUND, FILE_UNREADABLE, BAD_FILE. */
export async function readBib(files: Pick<Files, 'readWhole'>, path: string): Promise<BibText> {
  const bytes = await readNamedFile(`The file ${path}`, () => files.readWhole(path))
  const buffer = Buffer.from(bytes)
  const wide = markedUtf16(bytes)
  if (wide === 'utf-16le')
    return {
      bytes,
      text: buffer.toString('utf16le'),
      bytesOf: (text) => Buffer.from(text, 'utf16le'),
      encode: (one) => one
    }
  if (wide === 'utf-16be')
    return fail('BAD_FILE', `${path} is UTF-16 with its high bytes first; save it as UTF-8.`)
  const isUtf8 =
    Buffer.from(buffer.toString('utf8')).equals(buffer) &&
    !OTHER_ENCODING.test(buffer.toString('latin1', 0, 400))
  return {
    bytes,
    text: buffer.toString('latin1'),
    bytesOf: (text) => Buffer.from(text, 'latin1'),
    encode: (one) => (isUtf8 ? Buffer.from(one).toString('latin1') : /^\p{ASCII}*$/u.test(one) ? one : null)
  }
}

/** JabRef states the file's encoding in the first line. */
const OTHER_ENCODING = /^(?:\xef\xbb\xbf)?%\s*Encoding:\s*(?![\s]|utf-?8|us-?ascii)/i

export interface EntryHere {
  /** null: the file's encoding cannot represent the path */
  readonly link: BibLink | null
  readonly key: string
  readonly workId: string
  /** the path as shown to the user */
  readonly path: string
}

/** Names under which a stored file can be linked, the readable one first; an object's own name is ASCII. */
export function linkNames(
  root: string,
  file: { readonly path: string; readonly paperPath: string | null }
): readonly string[] {
  return [`${root}/${shownPath(file)}`, `${root}/${file.path}`]
}

/** For each entry whose paper is in the library: the path of its file, relative to the folder. */
export function entriesHere(
  entries: readonly { readonly draft: WorkDraft; readonly workId: string | undefined }[],
  how: {
    /** by work: absolute names of its file, the best first */
    readonly files: ReadonlyMap<string, readonly string[]>
    readonly folder: string
    readonly encode: BibText['encode']
  }
): readonly EntryHere[] {
  return entries.flatMap(({ draft, workId }) => {
    const files = workId === undefined ? undefined : how.files.get(workId)
    if (workId === undefined || files === undefined) return []
    const paths = files.map((file) => relative(how.folder, resolve(file)).split(sep).join('/'))
    const path = paths.find((one) => how.encode(one) !== null) ?? paths[0] ?? ''
    const key = draft.key ?? ''
    const encoded = how.encode(path)
    const link = encoded === null ? null : { line: draft.origin?.line ?? 0, key, path: encoded }
    return [{ link, key, workId, path }]
  })
}
