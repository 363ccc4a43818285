/** The names and facts of a work from its parts; the first service to report one takes precedence. */
import { z } from 'zod'
import { crossrefWorkOf, crossrefWorkSchema } from '../crossref'
import { parseOpenAlex } from '../openalex'
import { readRecord as readArxivRecord } from '../arxiv'
import { idsOf } from '../facts'
import { isReading, readJson } from '../reading'
import { looseFlag, looseText } from '../tolerant'
import { LOOKUP_SERVICES, type LookupPart } from './lookups'
import type { Identifiers, Work, WorkFacts } from '../../../contract/work'

export interface Learned {
  readonly ids: Identifiers
  readonly facts: WorkFacts
  readonly locations?: Work['locations']
}

export function withLearned(work: Work, learned: Learned): Work {
  return {
    ...work,
    ids: { ...learned.ids, ...work.ids },
    facts: { ...learned.facts, ...work.facts },
    locations: [...work.locations, ...(learned.locations ?? [])]
  }
}

const NOTHING: Learned = { ids: {}, facts: {} }

export function learnedFrom(parts: readonly LookupPart[]): Learned {
  const inOrder = LOOKUP_SERVICES.flatMap((service) => parts.filter((part) => part.service === service))
  return inOrder.map(learnedOf).reduce(
    (all, one) => ({
      ids: { ...one.ids, ...all.ids },
      facts: { ...one.facts, ...all.facts },
      locations: [...(all.locations ?? []), ...(one.locations ?? [])]
    }),
    NOTHING
  )
}

const convertedSchema = z.looseObject({ doi: looseText, pmid: looseText, pmcid: looseText, live: looseFlag })

/**
 * A part is read when it arrives, when it is stored and when its work is processed: its text is parsed once.
 */
const known = new WeakMap<LookupPart, Learned>()

function learnedOf(part: LookupPart): Learned {
  const before = known.get(part)
  if (before !== undefined) return before
  const learned = readPart(part)
  known.set(part, learned)
  return learned
}

function readPart(part: LookupPart): Learned {
  const { service, record } = part
  if (record === null) return NOTHING
  switch (service) {
    case 'openalex': {
      const draft = parseOpenAlex(record)
      return isReading(draft)
        ? NOTHING
        : { ids: draft.ids, facts: draft.facts, locations: draft.locations ?? [] }
    }
    case 'arxiv': {
      const entry = readArxivRecord(record)
      return entry.outcome === 'success' ? { ids: entry.value.ids, facts: entry.value.facts } : NOTHING
    }
    case 'crossref': {
      const raw = readJson(record, crossrefWorkSchema)
      if (isReading(raw)) return NOTHING
      const { ids, facts } = crossrefWorkOf(raw)
      return { ids, facts }
    }
    case 'pmc_ids': {
      const raw = readJson(record, convertedSchema)
      if (isReading(raw) || raw.live === false) return NOTHING
      return { ids: idsOf({ doi: raw.doi, pmid: raw.pmid, pmcid: raw.pmcid }), facts: {} }
    }
    case 'europe_pmc':
    case 'semantic_scholar':
      // The sources read these parts when they are queried.
      return NOTHING
  }
}
