/** `sheaf bib link`: links of papers that are here, written into the user's own `.bib`. */
import { basename, dirname, relative, resolve, sep } from 'node:path'
import { counted } from '../../../contract/counted'
import { fail } from '../../../contract/errors'
import type { WorkDraft } from '../../../contract/work'
import { systemCode } from '../../platform/files'
import type { SheafReader } from '../../sheaf-reading'
import { linkFiles, readReferences, type BibLink, type LinkReport } from '../../works/works'
import { EXIT, type ExitStatus } from '../exit-status'
import type { RequestOf } from '../invocation'
import { print, tell, withReader, type CommandContext } from '../command-context'
import { replaceUnchanged } from '../replace-file'

interface Here {
  readonly link: BibLink
  readonly workId: string
  /** the path as people read it */
  readonly path: string
}

export function bib(context: CommandContext, request: RequestOf<'bib'>): Promise<ExitStatus> {
  return withReader(context, async (sheaf) => {
    const path = resolve(request.file)
    const before = await readBib(context, path)
    const folder = resolve(request.relativeTo ?? dirname(path))
    const { drafts, repeats, problems } = readReferences(before.bytes, basename(path), 'bibtex')
    const here = filesHere(sheaf, [...drafts, ...repeats], { folder, encode: before.encode })
    const report = linkFiles(
      before.text,
      here.flatMap((one) => (one.link === null ? [] : [one.link])),
      request.style
    )
    const isChanged = report.patches.length > 0
    if (request.dryRun) showDifference(context, { name: request.file, before, report })
    else if (isChanged)
      await replaceUnchanged(context.host.files, path, {
        before: before.bytes,
        after: before.bytesOf(report.text)
      })
    const refused = tellOutcomes(context, here, report)
    const linked = report.patches.length
    const existing = report.outcomes.filter(({ outcome }) => outcome === 'existing').length
    const notHere = drafts.length + repeats.length - here.length
    context.lines?.write({
      type: 'summary',
      linked,
      existing,
      not_here: notHere,
      refused,
      problems: problems.length
    })
    tell(
      context,
      `${counted(linked, 'link')} ${request.dryRun ? 'would be written' : 'written'}, ${String(existing)} there already, ${counted(notHere, 'entry', 'entries')} without a paper here.`
    )
    return refused > 0 ? EXIT.someFailed : EXIT.done
  })
}

interface BibText {
  readonly bytes: Uint8Array
  /** one character a byte (or a unit of UTF-16) */
  readonly text: string
  readonly bytesOf: (text: string) => Uint8Array
  /** a path in the characters of `text`; null when the file's encoding has no such letters */
  readonly encode: (path: string) => string | null
}

async function readBib({ host }: CommandContext, path: string): Promise<BibText> {
  let bytes: Uint8Array
  try {
    bytes = await host.files.readWhole(path)
  } catch (error) {
    const gone = systemCode(error) === 'ENOENT'
    return fail(
      gone ? 'FILE_NOT_FOUND' : 'FILE_UNREADABLE',
      gone
        ? `The file ${path} is not there.`
        : `The file ${path} cannot be read: ${systemCode(error) ?? String(error)}.`,
      { cause: error }
    )
  }
  const buffer = Buffer.from(bytes)
  if (bytes[0] === 0xff && bytes[1] === 0xfe)
    return {
      bytes,
      text: buffer.toString('utf16le'),
      bytesOf: (text) => Buffer.from(text, 'utf16le'),
      encode: (one) => one
    }
  if (bytes[0] === 0xfe && bytes[1] === 0xff)
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

/** JabRef's first line says how the file is written. */
const OTHER_ENCODING = /^(?:\xef\xbb\xbf)?%\s*Encoding:\s*(?![\s]|utf-?8|us-?ascii)/i

/** Of every entry whose paper is here: where its file lies, from the folder. */
function filesHere(
  sheaf: SheafReader,
  drafts: readonly WorkDraft[],
  how: { readonly folder: string; readonly encode: BibText['encode'] }
): readonly (Omit<Here, 'link'> & { readonly link: BibLink | null; readonly key: string })[] {
  const byWork = new Map<string, readonly string[]>()
  for (const { workId, artifact, file } of sheaf.library()) {
    if (artifact.format !== 'pdf' && byWork.has(workId)) continue
    const shown = artifact.paperPath ?? artifact.path
    // An object's own name is ASCII: it can be written where the readable name cannot.
    byWork.set(workId, [file, `${file.slice(0, file.length - shown.length)}${artifact.path}`])
  }
  const known = sheaf.lookUp(drafts)
  return drafts.flatMap((draft, at) => {
    const workId = known[at]?.workId
    const files = workId === undefined ? undefined : byWork.get(workId)
    if (workId === undefined || files === undefined) return []
    const paths = files.map((file) => relative(how.folder, resolve(file)).split(sep).join('/'))
    const path = paths.find((one) => how.encode(one) !== null) ?? paths[0] ?? ''
    const key = draft.key ?? ''
    const encoded = how.encode(path)
    const link = encoded === null ? null : { line: draft.origin?.line ?? 0, key, path: encoded }
    return [{ link, key, workId, path }]
  })
}

/** Prints and writes what became of each; returns how many could not be linked. */
function tellOutcomes(
  context: CommandContext,
  here: ReturnType<typeof filesHere>,
  report: LinkReport
): number {
  const outcomes = new Map(report.outcomes.map((one) => [one.link, one]))
  let refused = 0
  for (const { link, key, workId, path } of here) {
    const done = link === null ? undefined : outcomes.get(link)
    if (done?.outcome === 'linked') context.lines?.write({ type: 'linked', key, path, work_id: workId })
    if (done !== undefined && done.outcome !== 'refused') continue
    refused += 1
    const because = done?.because ?? 'the path has letters that the file’s encoding has not'
    context.screen.say(`${key === '' ? workId : key}: not linked, because ${because}.`)
    context.lines?.write({ type: 'not_linked', key, path, work_id: workId, because })
  }
  return refused
}

/** The lines that change, before and after, as `diff -u` marks them. */
function showDifference(
  context: CommandContext,
  { name, before, report }: { readonly name: string; readonly before: BibText; readonly report: LinkReport }
): void {
  if (report.patches.length === 0) return
  const { text } = before
  const shown = (part: string): string =>
    (before.bytesOf('a').length === 1 ? Buffer.from(part, 'latin1').toString('utf8') : part).replaceAll(
      '\r',
      ''
    )
  const lines = [`--- ${name}`, `+++ ${name}`]
  let added = 0
  for (const patch of report.patches) {
    const from = text.lastIndexOf('\n', patch.at - 1) + 1
    const end = text.indexOf('\n', patch.at)
    const to = end < 0 ? text.length : end
    const old = text.slice(from, to)
    const now = (text.slice(from, patch.at) + patch.added + text.slice(patch.at, to)).split('\n')
    const at = text.slice(0, from).split('\n').length
    lines.push(`@@ -${String(at)} +${String(at + added)},${String(now.length)} @@`, `-${shown(old)}`)
    lines.push(...now.map((line) => `+${shown(line)}`))
    added += now.length - 1
  }
  print(context, lines.join('\n'))
}
