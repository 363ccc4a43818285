/** The names and facts of a work from its parts; the first service to report one takes precedence. */
import { parseRecord } from '../crossref'
import { parseOpenAlex } from '../openalex'
import { readRecord as readArxivRecord } from '../arxiv'
import { storedRecord } from '../pmc-ids'
import { isReading } from '../reading'
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
      const work = parseRecord(record)
      return isReading(work) ? NOTHING : { ids: work.ids, facts: work.facts }
    }
    case 'pmc_ids': {
      const converted = storedRecord(record)
      return converted?.isLive === true ? { ids: converted.ids, facts: {} } : NOTHING
    }
    case 'europe_pmc':
    case 'semantic_scholar':
      // The sources read these parts when they are queried.
      return NOTHING
  }
}
