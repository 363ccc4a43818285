/** `sheaf cite`: papers of the library in a CSL style, as a bibliography or as one citation. */
import { resolve } from 'node:path'
import { CITATION_STYLES } from '../../../contract/citation-styles'
import { counted } from '../../../contract/counted'
import { fail } from '../../../contract/errors'
import { statOfTarget } from '../../platform/files'
import type { SheafReader } from '../../sheaf-reading'
import type { WriteEntry } from '../../works/works'
import { EXIT, type ExitStatus } from '../exit-status'
import type { RequestOf } from '../invocation'
import { print, tell, withReader, type CommandContext } from '../command-context'
import { readReported, tellNotHere, worksOf } from '../read-selected'
import { writeOutput } from '../output-file'
import { writeEntry } from './exchange'

type Request = RequestOf<'cite'>

export async function cite(context: CommandContext, request: Request): Promise<ExitStatus> {
  const style = await styleOf(context, request.style)
  const { drafts, problems } = await readReported(context, request.selectors)
  return withReader(context, async (sheaf) => {
    const isNamed = request.selectors.given.length > 0
    const wanted = isNamed ? worksOf(sheaf, drafts).map(({ workId }) => workId) : null
    const entries = entriesOf(sheaf, request.list, wanted === null ? null : new Set(wanted))
    const missing = (wanted ?? []).filter((workId) => !entries.some((entry) => entry.workId === workId))
    const { cite: make } = await import('../../works/cite/cite')
    const { locale, format } = request
    const made = await make(entries, { style, locale, format })
    const lines = request.asCitation ? [made.citation] : made.entries
    const text = format === 'html' && !request.asCitation ? page(lines) : `${lines.join('\n')}\n`
    if (request.output !== null) await writeOutput(context, request.output, new TextEncoder().encode(text))
    else if (lines.length > 0) print(context, text)
    for (const line of lines) context.lines?.write({ type: 'cited', text: line })
    tellNotHere(context, missing)
    context.lines?.write({ type: 'summary', cited: entries.length, not_here: missing.length })
    tell(context, `${counted(entries.length, 'paper')} cited.`)
    return missing.length > 0 || problems.some((one) => !one.planned) ? EXIT.someFailed : EXIT.done
  })
}

/** One entry per work, however many files it has. */
function entriesOf(
  sheaf: SheafReader,
  list: string | null,
  wanted: ReadonlySet<string> | null
): WriteEntry[] {
  const found = new Map<string, WriteEntry>()
  for (const entry of list === null ? sheaf.library() : sheaf.library(list))
    if (wanted?.has(entry.workId) !== false && !found.has(entry.workId))
      found.set(entry.workId, writeEntry(entry))
  return [...found.values()]
}

async function styleOf(
  context: CommandContext,
  name: string
): Promise<(typeof CITATION_STYLES)[number] | { readonly xml: string; readonly name: string }> {
  const bundled = CITATION_STYLES.find((style) => style === name)
  if (bundled !== undefined) return bundled
  const path = resolve(name)
  const stat = await statOfTarget(context.host.files, path)
  if (stat?.isFile !== true) return fail('FILE_NOT_FOUND', `${path} (--style) is not there.`)
  if (stat.bytes > 1_000_000) return fail('BAD_FILE', `${path} is no CSL style: it is larger than 1 MB.`)
  return { xml: new TextDecoder().decode(await context.host.files.readWhole(path)), name: path }
}

/** An HTML page for browsers and word processors. */
const page = (entries: readonly string[]): string =>
  `<!doctype html>\n<meta charset="utf-8">\n<title>Bibliography</title>\n<div class="csl-bib-body">\n${entries.join('\n')}\n</div>\n`
