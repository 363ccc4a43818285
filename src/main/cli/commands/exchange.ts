/** `sheaf export` and `sheaf import-manifest`: library and ledger in formats of other programs. */
import { resolve } from 'node:path'
import { counted, totalOf } from '../../../contract/counted'
import { fail } from '../../../contract/errors'
import { oneLine } from '../../../contract/exits'
import { redactUrl } from '../../../contract/redact'
import { inChunks } from '../../platform/chunks'
import { statOfTarget } from '../../platform/files'
import type { LibraryEntry } from '../../sheaf-api'
import type { SheafReader } from '../../sheaf-reading'
import { referencePieces, type WriteEntry } from '../../works/works'
import { EXIT, type ExitStatus } from '../exit-status'
import type { RequestOf } from '../invocation'
import { print, tell, withReader, withSheaf, type CommandContext } from '../command-context'
import { assertOutput, printPieces, writeOutput } from '../output-file'
import { readNamedFile } from '../../platform/read-named-file'

export async function exportLibrary(
  context: CommandContext,
  request: RequestOf<'export'>
): Promise<ExitStatus> {
  assertOutput(context, request, 'jsonl')
  return withReader(context, async (sheaf) => {
    const content = await contentOf(sheaf, request)
    if (request.output === null) {
      await printPieces(context, content.pieces)
      return EXIT.done
    }
    const path = await writeOutput(context, request.output, content.pieces)
    const entries = content.entries()
    context.lines?.write({ type: 'exported', format: request.format, path, entries })
    tell(context, `${path}: ${counted(entries, 'entry', 'entries')}.`)
    return EXIT.done
  })
}

interface ExportContent {
  readonly pieces: AsyncIterable<Uint8Array>
  /** number of entries, known once the pieces were read */
  readonly entries: () => number
}

async function contentOf(sheaf: SheafReader, { format, list }: RequestOf<'export'>): Promise<ExportContent> {
  if (list !== null && format === 'manifest-sqlite')
    fail(
      'BAD_OPTION',
      '--list and --format manifest-sqlite contradict each other: that form holds the whole ledger.'
    )
  if (format === 'manifest-sqlite') {
    const { byState } = sheaf.status()
    const bytes = await sheaf.exportManifest()
    return {
      pieces: (async function* () {
        yield await Promise.resolve(bytes)
      })(),
      entries: () => totalOf(byState)
    }
  }
  const library = list === null ? sheaf.library() : sheaf.library(list)
  const keyOf = await sheaf.citationKeys()
  let entries = 0
  const counting = (function* () {
    for (const entry of library) {
      entries++
      yield writeEntry(entry, keyOf(entry))
    }
  })()
  return { pieces: inChunks(referencePieces(counting, format)), entries: () => entries }
}

/** `key`: from the user's pattern. */
export function writeEntry(entry: LibraryEntry, key?: string): WriteEntry {
  return {
    workId: entry.workId,
    ids: entry.ids.url === undefined ? entry.ids : { ...entry.ids, url: redactUrl(entry.ids.url) },
    facts: entry.facts,
    ...(entry.reference === undefined ? {} : { reference: entry.reference }),
    ...(key === undefined ? {} : { key }),
    file: entry.file,
    sha256: entry.artifact.sha256
  }
}

export async function importManifest(
  context: CommandContext,
  request: RequestOf<'import-manifest'>
): Promise<ExitStatus> {
  const bytes = await read(context, resolve(request.file))
  return withSheaf(context, async ({ sheaf }) => {
    const taken = await sheaf.importManifest(bytes, context.signal)
    context.lines?.write({
      type: 'imported',
      jobs: taken.jobs,
      ops: taken.ops,
      existing: taken.known,
      problems: taken.problems
    })
    for (const problem of taken.problems) context.screen.say(`Not taken: ${oneLine(problem)}`)
    const known = taken.known === 0 ? '' : `; ${counted(taken.known, 'row')} there already`
    print(context, `${counted(taken.jobs, 'job')} and ${counted(taken.ops, 'op')} taken over${known}.`)
    return taken.problems.length > 0 ? EXIT.someFailed : EXIT.done
  })
}

/** More than any acceptable manifest.sqlite3; an endless device has no size. */
const MOST_MANIFEST_BYTES = 2_000_000_000

function read({ host }: CommandContext, path: string): Promise<Uint8Array> {
  return readNamedFile(`The file ${path}`, async () => {
    const stat = await statOfTarget(host.files, path)
    if (stat?.isFile === false) fail('BAD_FILE', `${path} is no file.`)
    if (stat !== null && stat.bytes > MOST_MANIFEST_BYTES) fail('BAD_FILE', `${path} is larger than 2 GB.`)
    return host.files.readWhole(path)
  })
}
