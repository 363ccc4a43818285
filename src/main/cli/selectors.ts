/**
 * From what was asked for on the command line to drafts: identifiers are recognised, reference files
 * are read, all in the order given. An identifier typed wrong is wrong usage; a file that cannot be
 * read and a line that cannot be understood are problems, and everything else goes on (docs/design.md, G11).
 */
import { basename, resolve } from 'node:path'
import { ERRORS, fail, type ErrorData } from '../../contract/errors'
import type { Identifiers, Scheme, WorkDraft } from '../../contract/work'
import { systemCode, type Files } from '../platform/files'
import type { Clock } from '../platform/host'
import type { Machine } from '../settings/standard-folders'
import { decodeText, draftOfZotero, readDecoded, recognise, type Decoded } from '../works/works'
import { zoteroMissing, type ZoteroAsk } from '../sheaf-zotero'
import type { Given, IdentifierOption, Selectors } from './invocation'

export interface Selection {
  /** those of a long list are taken out as they are planned (`takenFrom`) */
  readonly drafts: WorkDraft[]
  readonly problems: readonly SelectionProblem[]
}

export interface SelectionProblem extends ErrorData {
  /** true: the entry is asked for all the same, only a field of it could not be used */
  readonly planned: boolean
  /** where it stands */
  readonly origin?: { readonly name: string; readonly line: number }
  /** a reference that only a title names: it can be looked up */
  readonly unnamed?: WorkDraft
}

export interface SelectorInputs {
  readonly files: Files
  readonly clock: Clock
  readonly signal: AbortSignal
  readonly readStandardInput: () => Promise<Uint8Array>
  readonly machine: Machine
}

export async function readSelectors(selectors: Selectors, inputs: SelectorInputs): Promise<Selection> {
  // What was typed is checked first: a typing mistake should not wait for a large file.
  const named = new Map<Given, WorkDraft>(
    selectors.given.flatMap((given) =>
      given.kind === 'identifier' ? [[given, draftOf(given)] as const] : []
    )
  )
  const drafts: WorkDraft[] = []
  const problems: SelectionProblem[] = []
  for (const given of selectors.given) {
    const draft = named.get(given)
    if (draft !== undefined) drafts.push(draft)
    if (given.kind === 'zotero') await readZotero(given, inputs, drafts, problems)
    if (given.kind === 'file') await readFile(given.path, inputs, drafts, problems)
  }
  return { drafts, problems }
}

/** The drafts in order, each taken out of the array, so that a planned one is not kept in memory. */
export function* takenFrom(drafts: WorkDraft[]): Generator<WorkDraft> {
  drafts.reverse()
  for (let draft = drafts.pop(); draft !== undefined; draft = drafts.pop()) yield draft
}

const SCHEMES: Readonly<Record<IdentifierOption, Scheme>> = {
  '--doi': 'doi',
  '--arxiv': 'arxiv',
  '--pmcid': 'pmcid',
  '--pmid': 'pmid',
  '--openalex': 'openalex',
  '--url': 'url'
}

const EXAMPLES: Readonly<Record<IdentifierOption, string>> = {
  '--doi': 'a DOI such as 10.7717/peerj.4375',
  '--arxiv': 'an arXiv id such as 2401.00001 or hep-th/9901001',
  '--pmcid': 'a PMC id such as PMC5815332',
  '--pmid': 'a PubMed id such as 29456894',
  '--openalex': 'an OpenAlex work such as W2741809807',
  '--url': 'a web address such as https://example.org/paper.pdf'
}

function draftOf({ option, text }: Extract<Given, { kind: 'identifier' }>): WorkDraft {
  const scheme = SCHEMES[option]
  const read = recognise(text, scheme)
  const refuse = (because: string): never =>
    fail('BAD_OPTION', `${option} cannot be “${text}”; it must be ${EXAMPLES[option]}. ${because}`.trim())
  if (read.kind === 'refused') return refuse(read.because)
  if (scheme === 'url' ? !/^\s*https?:\/\//i.test(text) : !names(read.ids, scheme)) {
    return refuse(`It names something else: ${Object.keys(read.ids).join(', ')}.`)
  }
  return {
    ids: read.ids,
    facts: {},
    origin: { name: option },
    ...(read.arxivVersion === undefined ? {} : { arxivVersion: read.arxivVersion }),
    ...(read.namedBy === undefined ? {} : { namedBy: read.namedBy })
  }
}

/** DataCite's DOI of an arXiv paper is a DOI too, though it is known by its arXiv id. */
function names(ids: Identifiers, scheme: Scheme): boolean {
  return ids[scheme] !== undefined || (scheme === 'doi' && ids.arxiv !== undefined)
}

async function readFile(
  path: string,
  inputs: SelectorInputs,
  drafts: WorkDraft[],
  problems: SelectionProblem[]
): Promise<void> {
  const name = path === '-' ? 'standard input' : basename(path)
  let decoded: Decoded
  try {
    decoded = await decodedFile(path, inputs)
  } catch (error) {
    problems.push(unreadable(path, error))
    return
  }
  const references = readDecoded(decoded, name)
  // A repeat is asked for too: its line says which job it is, and it is a record of a named list.
  for (const draft of inOrder(references.drafts, references.repeats)) drafts.push(draft)
  for (const problem of references.problems) {
    problems.push({
      code: problem.code,
      message: `${problem.name}, line ${problem.line}: ${problem.because}`,
      hint: ERRORS[problem.code].hint,
      planned: problem.planned,
      origin: { name: problem.name, line: problem.line },
      ...(problem.unnamed === undefined ? {} : { unnamed: problem.unnamed })
    })
  }
}

/** Only the text: while it is read, the bytes it was decoded from are in memory no more. */
async function decodedFile(path: string, { files, readStandardInput }: SelectorInputs): Promise<Decoded> {
  return decodeText(path === '-' ? await readStandardInput() : await files.readWhole(resolve(path)))
}

/** Items without a file; one that nothing names is a problem of its own. */
async function readZotero(
  ask: ZoteroAsk,
  inputs: SelectorInputs,
  drafts: WorkDraft[],
  problems: SelectionProblem[]
): Promise<void> {
  for (const [at, item] of (
    await zoteroMissing(inputs, inputs.machine, { ask, signal: inputs.signal })
  ).entries()) {
    const draft = draftOfZotero(item, at + 1)
    if (draft !== null) drafts.push(draft)
    else
      problems.push({
        code: 'NAMED_BY_TITLE_ONLY',
        message: `Zotero item ${item.key} (“${item.fields['title'] ?? ''}”) has no identifier.`,
        hint: ERRORS.NAMED_BY_TITLE_ONLY.hint,
        planned: false,
        origin: { name: 'Zotero', line: at + 1 }
      })
  }
}

function inOrder(drafts: readonly WorkDraft[], repeats: readonly WorkDraft[]): readonly WorkDraft[] {
  if (repeats.length === 0) return drafts
  // Stable: the first of two on one line stays the first.
  return [...drafts, ...repeats].sort((a, b) => (a.origin?.line ?? 0) - (b.origin?.line ?? 0))
}

function unreadable(path: string, error: unknown): SelectionProblem {
  const code = systemCode(error)
  const where = path === '-' ? 'Standard input' : `The file ${resolve(path)}`
  if (code === 'ENOENT' || code === 'ENOTDIR') {
    return {
      code: 'FILE_NOT_FOUND',
      message: `${where} (--from) is not there.`,
      hint: 'Check the path.',
      planned: false
    }
  }
  const because = code === 'EISDIR' ? 'is a folder' : `cannot be read (${code ?? String(error)})`
  return {
    code: 'FILE_UNREADABLE',
    message: `${where} (--from) ${because}.`,
    hint: code === 'EISDIR' ? 'Give a file in it.' : 'Check its permissions.',
    planned: false
  }
}
