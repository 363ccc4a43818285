/**
 * Converts the selectors of a command line to drafts: identifiers are recognised, reference files are read,
 * all in the given order. A mistyped identifier is a usage error; an unreadable file or line is a problem,
 * and the rest continues (docs/design.md, G11).
 */
import { basename, resolve } from 'node:path'
import { asSheafError, ERRORS, fail, type ErrorData } from '../../contract/errors'
import type { Identifiers, Scheme, WorkDraft } from '../../contract/work'
import type { Files } from '../platform/files'
import type { Clock } from '../platform/host'
import { readNamedFile } from '../platform/read-named-file'
import type { Machine } from '../settings/standard-folders'
import { decodeText, draftOfZotero, readDecoded, recognise, type Decoded } from '../works/works'
import { zoteroMissing, type ZoteroAsk } from '../sheaf-zotero'
import type { Given, IdentifierOption, Selectors } from './invocation'

export interface Selection {
  /** of a long list they are removed as they are planned (`takenFrom`) */
  readonly drafts: WorkDraft[]
  readonly problems: readonly SelectionProblem[]
}

export interface SelectionProblem extends ErrorData {
  /** true: the entry is requested all the same, only one of its fields was unusable */
  readonly planned: boolean
  /** its position */
  readonly origin?: { readonly name: string; readonly line: number }
  /** a reference identified only by a title, which can be looked up */
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
  // Typed identifiers are checked first, so that a typo is reported before a large file is read.
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

/**
 * Yields the drafts in order and removes each from the array, so that planned ones are not kept in memory.
 */
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

/** DataCite's DOI of an arXiv paper is accepted as a DOI, although the paper is named by its arXiv id. */
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
    problems.push({ ...asSheafError(error).toData(), planned: false })
    return
  }
  const references = readDecoded(decoded, name)
  // Repetitions are requested, too: their lines contain the job, and they are records of a named list.
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

/** Returns only the text, so that the encoded bytes are freed while it is parsed. */
async function decodedFile(path: string, { files, readStandardInput }: SelectorInputs): Promise<Decoded> {
  const bytes =
    path === '-'
      ? await readNamedFile('Standard input (--from)', readStandardInput)
      : await readNamedFile(`The file ${resolve(path)} (--from)`, () => files.readWhole(resolve(path)))
  return decodeText(bytes)
}

/** Items without a file; one without an identifier is a problem. */
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
  // Stable: two entries of one line keep their order.
  return [...drafts, ...repeats].sort((a, b) => (a.origin?.line ?? 0) - (b.origin?.line ?? 0))
}
