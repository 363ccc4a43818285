/** Plans papers named by the browser in one step and returns the state of each: one line per paper. */
import type { PaperLine, PaperStanding, SentPaper } from '../../../contract/companion'
import { isDone } from '../../../contract/states'
import type { WorkDraft } from '../../../contract/work'
import { isForPerson } from '../../ledger/handoff-queries'
import { jobById } from '../../ledger/jobs'
import { canonicalUrl, recognise } from '../../works/works'
import type { Engine } from '../engine'
import { lookUpWork, type KnownWork } from '../look-up'
import { drafted } from '../ops/plan-work'

export type Named =
  { readonly kind: 'draft'; readonly draft: WorkDraft } | { readonly kind: 'refused'; readonly code: string }

/** Uses the identifiers, else the address. A title alone does not identify a paper reliably. */
export function draftOfSent({ identifiers, url, title }: SentPaper): Named {
  const facts = title === undefined ? {} : { title }
  const origin = { name: 'browser' }
  const read = identifiers.map((text) => recognise(text))
  const ids = read.flatMap((one) => (one.kind === 'ids' && one.namedBy === undefined ? [one.ids] : []))
  // The first identifier of a kind counts: a page names itself before it names other papers.
  if (ids.length > 0)
    return {
      kind: 'draft',
      draft: { ids: ids.reduceRight((all, one) => ({ ...all, ...one }), {}), facts, origin }
    }
  const own = url === undefined ? (read[0] ?? null) : recognise(withoutTrackers(url))
  if (own === null) return { kind: 'refused', code: 'NAMED_BY_TITLE_ONLY' }
  if (own.kind === 'refused') return { kind: 'refused', code: own.code }
  const { namedBy, arxivVersion } = own
  return {
    kind: 'draft',
    draft: {
      ids: own.ids,
      facts,
      origin,
      ...(namedBy === undefined ? {} : { namedBy }),
      ...(arxivVersion === undefined ? {} : { arxivVersion })
    }
  }
}

/** Removes tracking parameters: they are not part of the page's address. */
function withoutTrackers(url: string): string {
  try {
    return canonicalUrl(url, { dropTrackers: true })
  } catch {
    // Invalid address: `recognise` reports the error.
    return url
  }
}

/** `plan` plans all drafts at once and is durable on return. */
export async function planSent(
  engine: Engine,
  papers: readonly SentPaper[],
  plan: (drafts: readonly WorkDraft[]) => Promise<unknown>
): Promise<PaperLine[]> {
  const named = papers.map(draftOfSent)
  const drafts = named.flatMap((one) => (one.kind === 'draft' ? [one.draft] : []))
  const before = new Set(
    engine.ledger.read((r) => drafts.flatMap((draft) => lookUpWork(r, draft)?.jobId ?? []))
  )
  if (drafts.length > 0) await plan(drafts)
  return named.map((one): PaperLine => {
    if (one.kind === 'refused') return nothing('not_understood', one.code)
    const line = lineOf(engine, one.draft) ?? notRemembered(one.draft)
    if (line.standing !== 'waiting' || line.job_id === null || before.has(line.job_id)) return line
    // The same paper twice in one request counts as one new job.
    before.add(line.job_id)
    return { ...line, standing: 'planned' }
  })
}

/** The state of a paper known under one of these names; null when none is known. */
export function knownPaper(engine: Engine, names: readonly string[]): PaperLine | null {
  let refused: PaperLine | null = null
  for (const name of names) {
    const read = draftOfSent({ identifiers: [], url: name })
    if (read.kind === 'refused') refused ??= nothing('not_understood', read.code)
    const line = read.kind === 'draft' ? lineOf(engine, read.draft) : null
    if (line !== null) return line
  }
  return refused
}

export function lineOf(engine: Engine, draft: WorkDraft): PaperLine | null {
  return engine.ledger.read((r) => {
    const known = lookUpWork(r, draft)
    if (known === null) return null
    const needsYou = known.jobId !== null && isForPerson(r, known.jobId)
    return {
      standing: standingOf(known, needsYou),
      job_id: known.jobId,
      work_id: known.workId,
      title: known.title,
      code: needsYou ? (jobById(r, known.jobId)?.reason ?? null) : null
    }
  })
}

function standingOf(known: KnownWork, needsYou: boolean): PaperStanding {
  if (known.removed !== null) return 'removed'
  if (known.artifactId !== null || (known.state !== null && isDone(known.state))) return 'here'
  return needsYou ? 'needs_you' : 'waiting'
}

const nothing = (standing: PaperStanding, code: string | null): PaperLine => ({
  standing,
  job_id: null,
  work_id: null,
  title: null,
  code
})

/** The canary's control group: the paper is fetched in this run and not recorded in the ledger. */
function notRemembered(draft: WorkDraft): PaperLine {
  const { job_id, work_id, title } = drafted(draft, 'pdf')
  return { standing: 'waiting', job_id, work_id, title, code: null }
}
