/** `sheaf bib link`: writes links of papers in the library into the user's `.bib`. */
import { basename, dirname, resolve } from 'node:path'
import { counted } from '../../../contract/counted'
import { shownPath, type WorkDraft } from '../../../contract/work'
import type { SheafReader } from '../../sheaf-reading'
import { replaceUnchanged } from '../../platform/replace-unchanged'
import { entriesHere, linkNames, readBib, type BibText, type EntryHere } from '../../sheaf-bib'
import { linkFiles, readReferences, type LinkReport } from '../../works/works'
import { EXIT, type ExitStatus } from '../exit-status'
import type { RequestOf } from '../invocation'
import { print, tell, withReader, type CommandContext } from '../command-context'

export function bib(context: CommandContext, request: RequestOf<'bib'>): Promise<ExitStatus> {
  return withReader(context, async (sheaf) => {
    const path = resolve(request.file)
    const before = await readBib(context.host.files, path)
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

/** For each entry whose paper is in the library: the path of its file, relative to the folder. */
function filesHere(
  sheaf: SheafReader,
  drafts: readonly WorkDraft[],
  how: { readonly folder: string; readonly encode: BibText['encode'] }
): readonly EntryHere[] {
  const files = new Map<string, readonly string[]>()
  for (const { workId, artifact, file } of sheaf.library()) {
    if (artifact.format !== 'pdf' && files.has(workId)) continue
    const shown = shownPath(artifact)
    files.set(workId, linkNames(file.slice(0, file.length - shown.length - 1), artifact))
  }
  const known = sheaf.lookUp(drafts)
  return entriesHere(
    drafts.map((draft, at) => ({ draft, workId: known[at]?.workId })),
    { files, ...how }
  )
}

/** Prints the outcome of each entry; returns how many could not be linked. */
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

/** The changed lines, before and after, as in `diff -u`. */
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
