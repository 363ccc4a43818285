/** Papers that are only in the library file: what its lines say is not trusted. */
import { expect, test } from 'vitest'
import { ListedLines } from '../../../src/main/engine/listed-lines'
import { openLedger } from '../../../src/main/ledger/open-ledger'
import type { ManifestLine } from '../../../src/main/library/manifest-papers'
import { tempFolder } from '../../kit/temp-folder'
import { testHost } from '../../kit/test-host'

const line = (workId: string, more: Partial<ManifestLine> = {}): ManifestLine => ({
  work_id: workId,
  artifact_id: `${workId}#pdf`,
  doi: null,
  arxiv: null,
  pmid: null,
  pmcid: null,
  title: 'A title',
  authors: [],
  year: 2020,
  venue: null,
  format: 'pdf',
  path: `objects/aa/${'a'.repeat(64)}.pdf`,
  paper: null,
  sha256: 'a'.repeat(64),
  bytes: 100,
  source: 'unpaywall',
  version: null,
  license: null,
  url: null,
  verdict: 'match',
  pages: null,
  finalized_at: 1,
  job_id: null,
  canonical_url: null,
  ...more
})

test('a paper has the identifiers of its line that have their forms, and those in the id of its work', async () => {
  const host = testHost()
  const ledger = await openLedger(host, { folder: tempFolder('listed') })
  const papers = [
    line('doi:10.5555/a', { arxiv: '2401.00001', pmid: '12' }),
    line('W123', { doi: '10.5555/b' }),
    line('doi:not a doi', { arxiv: '../../x y', pmid: '1 OR 1', pmcid: 'PMC', doi: 'javascript:alert(1)' })
  ]
  const listed = new ListedLines({
    ledger,
    log: host.log,
    manifest: {
      mark: () => Promise.resolve('a mark'),
      read: () => Promise.resolve(new Map(papers.map((one) => [one.artifact_id, one])))
    }
  })
  await listed.load(() => false)
  expect(papers.map(({ artifact_id }) => listed.get(artifact_id)?.ids)).toEqual([
    { doi: '10.5555/a', arxiv: '2401.00001', pmid: '12' },
    { openalex: 'W123', doi: '10.5555/b' },
    {}
  ])
  await ledger.close()
})
