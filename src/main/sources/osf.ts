/**
 * OSF preprints: the file of a preprint has a known address, so no query is needed. Source: developer.osf.io,
 * preprints (its API takes 12–16 s, seen 2026-09); docs/services.md.
 */
import type { Work } from '../../contract/work'
import { osfFile } from './file-urls'
import type { SourceQuery } from './source-query'
import type { Question, Source } from './sources'

/** `10.31219/osf.io/ab3cd`, `10.31234/osf.io/ab3cd_v2`: the preprint's id and version. */
const idOf = (work: Work): string | null =>
  /^10\.\d{4,9}\/osf\.io\/([a-z0-9]{5,}(?:_v\d+)?)$/.exec(work.ids.doi ?? '')?.[1] ?? null

export const osf: Source = {
  name: 'osf',

  cannot(work: Work): string | null {
    return idOf(work) === null ? 'This is no DOI of an OSF preprint.' : null
  },

  ask(question: Question, sourceQuery: SourceQuery): Promise<void> {
    const id = idOf(question.work)
    if (id !== null) {
      sourceQuery.propose({
        url: osfFile(id),
        format: 'pdf',
        rank: 0,
        version: 'submittedVersion',
        evidence: `OSF keeps the preprint ${id} at this address.`
      })
      sourceQuery.note('success', null, `OSF keeps the file of ${id} at a known address.`)
    }
    return Promise.resolve()
  }
}
