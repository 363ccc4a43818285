/**
 * Determines the work of a PDF. The file's own identifiers are used first, then its title: among the works of
 * the ledger, then at the services. A work is `sure` only when the file gives the identifier as its own and
 * nothing contradicts it, or when title and authors agree. Everything else is a proposal that the user has to
 * confirm. Changes nothing.
 */
import type { Identifiers, WorkDraft, WorkFacts } from '../../../contract/work'
import type { PaperVerdict } from '../../../contract/words'
import { workById } from '../../ledger/works'
import { authorsIn } from '../../library/author-match'
import {
  ownIdentity,
  sameTitle,
  type Claim,
  type ClaimBy,
  type OwnIdentity
} from '../../library/own-identity'
import type { PdfFront } from '../../library/text-messages'
import type { FrontReading, TextReader } from '../../library/text-reader'
import { wordsOf } from '../../library/plain-words'
import { findTitle } from '../../library/title-match'
import { recognise } from '../../works/works'
import type { Engine } from '../engine'
import { lookUpWork } from '../look-up'
import { makeLookUp, type LookUp } from './look-up-facts'
import { makeTitleIndex, type TitleIndex } from './title-index'

export type RecognisedBy = ClaimBy | 'title' | 'hash' | 'person'

/** A work that the file may be; planned under its names when the file is filed. */
export interface Target {
  readonly draft: WorkDraft
  readonly by: RecognisedBy
  /** when the ledger has it under names other than the draft's */
  readonly workId?: string
}

export type Recognised =
  | { readonly kind: 'sure'; readonly target: Target; readonly because: string }
  | {
      readonly kind: 'unsure'
      readonly proposal: Target | null
      readonly by: RecognisedBy | null
      readonly verdict: Exclude<PaperVerdict, 'match'>
      readonly because: string
    }
  | { readonly kind: 'rejected'; readonly reason: string; readonly because: string }

export interface Recogniser {
  readonly engine: Engine
  readonly titles: TitleIndex
  readonly lookUp: LookUp
  readonly front: (path: string, signal: AbortSignal) => Promise<FrontReading>
}

/**
 * Builds the recogniser for this library. `lookUp`: whether services may be queried about a file whose pages
 * do not identify it.
 */
export function makeRecogniser(engine: Engine, reader: TextReader, lookUp: boolean): Recogniser {
  return {
    engine,
    titles: makeTitleIndex(engine.ledger),
    lookUp: makeLookUp(engine, lookUp),
    front: (path, signal) => reader.front(path, signal)
  }
}

interface File {
  readonly path: string
  readonly name: string
  readonly front: PdfFront
  readonly own: OwnIdentity
  readonly signal: AbortSignal
}

type Unsure = Extract<Recognised, { kind: 'unsure' }>

export async function recogniseFile(
  parts: Recogniser,
  found: { readonly path: string; readonly name: string },
  signal: AbortSignal
): Promise<Recognised> {
  const reading = await parts.front(found.path, signal)
  if (reading.kind === 'unreadable') {
    const judged = await judge(parts, found.path, { ids: {}, facts: {} }, signal)
    if (judged.kind === 'rejected') return judged
    return { kind: 'rejected', reason: 'UNREADABLE_PDF', because: reading.because }
  }
  const file: File = {
    ...found,
    front: reading.front,
    own: ownIdentity(reading.front, found.name),
    signal
  }
  const doubts: Unsure[] = []
  for (const attempt of [byKnownName, byKnownTitle, byOwnName, byTitleAtServices]) {
    const answer = await attempt(parts, file, doubts)
    if (answer !== null) return answer
  }
  const doubt = doubts[0]
  if (doubt !== undefined) return doubt
  // The file was not checked so far: it may not be a paper at all.
  const judged = await judge(parts, file.path, { ids: {}, facts: {} }, signal)
  if (judged.kind === 'rejected') return judged
  const { title } = file.own
  return unsure(null, null, title === null ? NOTHING_FOUND : `No work is known by its title “${title}”.`)
}

const NOTHING_FOUND = 'It names no identifier of its own, and its title was not found.'

const unsure = (
  proposal: Target | null,
  by: RecognisedBy | null,
  because: string,
  verdict: Unsure['verdict'] = 'unsure'
): Unsure => ({ kind: 'unsure', proposal, by, because, verdict })

/**
 * Finds a work of the ledger by an identifier that the file gives as its own, or by one in the file's name.
 */
async function byKnownName(parts: Recogniser, file: File, doubts: Unsure[]): Promise<Recognised | null> {
  const { ledger } = parts.engine
  const known = file.own.claims.flatMap((claim) => {
    const draft = draftOf(claim)
    const work = draft === null ? null : ledger.read((r) => lookUpWork(r, draft))
    if (draft === null || work === null) return []
    const facts = ledger.read((r) => workById(r, work.workId))
    return [{ claim, work, ids: { ...draft.ids, ...facts?.ids }, facts: facts?.facts ?? {}, draft }]
  })
  // Works that wait for a file come before works that have one.
  known.sort((one, other) => Number(one.work.artifactId !== null) - Number(other.work.artifactId !== null))
  for (const { claim, work, ids, facts, draft } of known) {
    const target: Target = { draft: withOwnTitle(draft, file), by: claim.by, workId: work.workId }
    const judged = await judge(parts, file.path, { ids, facts }, file.signal)
    if (judged.kind === 'rejected') return judged
    const titleKnown = facts.title !== undefined
    const agrees = judged.verdict === 'match' && isOfWork(file, claim, facts)
    if (agrees || (claim.sure && !titleKnown && judged.verdict !== 'mismatch'))
      return { kind: 'sure', target, because: judged.because }
    doubts.push(
      unsure(target, claim.by, judged.because, judged.verdict === 'mismatch' ? 'mismatch' : 'unsure')
    )
  }
  return null
}

/** Finds a work of the ledger whose title and authors are in the file. */
async function byKnownTitle(parts: Recogniser, file: File, doubts: Unsure[]): Promise<Recognised | null> {
  const { ledger } = parts.engine
  const ids = [...new Set(file.own.titles.flatMap((title) => parts.titles.find(title)))]
  const works = ids.flatMap((workId) => ledger.read((r) => workById(r, workId)) ?? [])
  const candidates = works
    .filter((work) => !contradicts(file.own, work.ids))
    .map((work) => ({ ids: work.ids, facts: work.facts, workId: work.workId }))
  return byTitle(parts, file, candidates, doubts)
}

interface Titled {
  readonly ids: Identifiers
  readonly facts: WorkFacts
  readonly workId?: string
}

async function byTitle(
  parts: Recogniser,
  file: File,
  candidates: readonly Titled[],
  doubts: Unsure[]
): Promise<Recognised | null> {
  const agreeing: { target: Target; because: string }[] = []
  for (const { ids, facts, workId } of candidates) {
    if (!file.own.titles.some((title) => sameTitle(facts.title ?? '', title))) continue
    const judged = await judge(parts, file.path, { ids, facts }, file.signal)
    if (judged.kind === 'rejected') return judged
    const draft: WorkDraft = { ids, facts, origin: { name: file.name } }
    const target: Target = { draft, by: 'title', ...(workId === undefined ? {} : { workId }) }
    if (judged.verdict === 'match' && titleAgrees(file, facts)) {
      agreeing.push({ target, because: judged.because })
    } else {
      doubts.push(
        unsure(target, 'title', judged.because, judged.verdict === 'mismatch' ? 'mismatch' : 'unsure')
      )
    }
  }
  const [only, other] = agreeing
  if (only === undefined) return null
  if (other === undefined) return { kind: 'sure', ...only }
  doubts.unshift(unsure(only.target, 'title', 'Several works have this title.'))
  return null
}

/**
 * The file's own identifier is enough when title or authors are there, too: a template may contain another
 * paper's identifier.
 */
function isOfWork(file: File, claim: Claim, facts: WorkFacts): boolean {
  if (titleAgrees(file, facts)) return true
  if (!claim.sure) return false
  if (facts.title === undefined) return true
  const first = file.front.pages.slice(0, 2).join('\n').slice(0, 20_000)
  if (findTitle(facts.title, first).coverage >= 0.7) return true
  const { score, of } = authorsIn(facts.authors ?? [], [first])
  return of > 0 && score / of >= 0.5
}

/**
 * The title is the file's, and its authors are in the file; a long title may suffice when no author is known.
 */
function titleAgrees(file: File, facts: WorkFacts): boolean {
  const { title = '', authors = [] } = facts
  if (!file.own.titles.some((one) => sameTitle(title, one))) return false
  const counted = authorsIn(authors, [file.front.pages.join('\n').slice(0, 20_000)])
  return counted.of === 0 ? wordsOf(title).length >= 5 : counted.score > 0
}

/** An identifier that the file gives as its own and the ledger does not know: confirmed by a service. */
async function byOwnName(parts: Recogniser, file: File, doubts: Unsure[]): Promise<Recognised | null> {
  for (const claim of file.own.claims) {
    const draft = draftOf(claim)
    if (draft === null) continue
    if (parts.engine.ledger.read((r) => lookUpWork(r, draft)) !== null) continue
    const learned = await parts.lookUp.byName(draft, file.signal)
    const facts = learned?.facts ?? {}
    const target: Target = {
      draft: withOwnTitle({ ...draft, facts, ids: { ...learned?.ids, ...draft.ids } }, file),
      by: claim.by
    }
    const judged = await judge(parts, file.path, { ids: draft.ids, facts }, file.signal)
    if (judged.kind === 'rejected') return judged
    const confirmed =
      facts.title === undefined
        ? claim.sure && judged.verdict !== 'mismatch'
        : judged.verdict === 'match' && isOfWork(file, claim, facts)
    if (confirmed) return { kind: 'sure', target, because: judged.because }
    const because = facts.title === undefined ? `Only ${saidBy(claim)} names ${claim.value}.` : judged.because
    doubts.push(unsure(target, claim.by, because, judged.verdict === 'mismatch' ? 'mismatch' : 'unsure'))
  }
  return null
}

function saidBy(claim: Claim): string {
  switch (claim.by) {
    case 'name':
      return 'the file’s name'
    case 'xmp':
    case 'info':
      return 'its metadata'
    default:
      return 'a line of its first pages, perhaps speaking of another paper,'
  }
}

async function byTitleAtServices(
  parts: Recogniser,
  file: File,
  doubts: Unsure[]
): Promise<Recognised | null> {
  if (file.own.claims.some((claim) => claim.sure)) return null
  const title = file.own.title ?? file.own.titles[0]
  if (title === undefined || wordsOf(title).length < 3) return null
  const found = await parts.lookUp.byTitle(title, file.signal)
  return byTitle(parts, file, found, doubts)
}

/** Does the file give a DOI as its own that differs from this work's? */
function contradicts(own: OwnIdentity, ids: Identifiers): boolean {
  const sure = own.claims.filter((claim) => claim.sure && claim.scheme === 'doi').map((claim) => claim.value)
  return sure.length > 0 && ids.doi !== undefined && !sure.includes(ids.doi)
}

function draftOf(claim: Claim): WorkDraft | null {
  const read = recognise(claim.value, claim.scheme)
  return read.kind === 'ids' ? { ids: read.ids, facts: {} } : null
}

/** Adds the file's own title only where nothing better is known. */
function withOwnTitle(draft: WorkDraft, file: File): WorkDraft {
  const { title, year } = file.own
  return {
    ...draft,
    facts: { ...(title === null ? {} : { title }), ...(year === null ? {} : { year }), ...draft.facts },
    origin: { name: file.name }
  }
}

type Judged =
  | { readonly kind: 'paper'; readonly verdict: PaperVerdict; readonly because: string }
  | Extract<Recognised, { kind: 'rejected' }>

async function judge(
  parts: Recogniser,
  path: string,
  wanted: { readonly ids: Identifiers; readonly facts: WorkFacts },
  signal: AbortSignal
): Promise<Judged> {
  const judged = await parts.engine.library.judge.file(
    path,
    { format: 'pdf', ...wanted, announcedBytes: null, contentType: null, url: '' },
    signal
  )
  switch (judged.kind) {
    case 'paper':
      return judged
    case 'mismatch':
      return { kind: 'paper', verdict: 'mismatch', because: judged.because }
    case 'rejected':
      return { kind: 'rejected', reason: judged.reason, because: judged.because }
  }
}
