/** A job as a row of the queue, and its state in words. */
import { describe, expect, test } from 'vitest'
import { identifierInAddress, jobView, type JobAround } from '../../../src/main/ipc/job-view'
import { jobInWords } from '../../../src/renderer/text/job-words'
import { actionsOf } from '../../../src/main/ipc/job-detail'
import type { Row } from '../../../src/main/ipc/rows'

const NOW = new Date('2026-05-03T14:00:00').getTime() / 1000
const at = (hour: string): number => new Date(`2026-05-03T${hour}:00`).getTime() / 1000
const nothing: JobAround = { live: null, part: null }
const part = { bytes: 410, totalBytes: 1_000 }
const live = { bytes: 640, totalBytes: 1_000, bytesPerSecond: 100, continuedFrom: null }

const job = (row: Row): Row => ({
  job_id: 'j',
  work_id: 'doi:10.5555/a',
  artifact_id: 'doi:10.5555/a#pdf',
  canonical_url: 'https://doi.org/10.5555/a',
  state: 'PLANNED',
  lease_owner: null,
  created_at: 1,
  updated_at: 2,
  attempt: 1,
  ...row
})

const cases: readonly (readonly [Row, Partial<JobAround>, string, string])[] = [
  [{}, {}, 'Waiting', 'waiting'],
  [{ next_attempt_at: at('14:20') }, {}, 'Waiting until 14:20', 'waiting'],
  [{ state: 'LEASED', lease_owner: 'me' }, {}, 'Looking for an open copy', 'active'],
  [{ state: 'LEASED' }, { part }, 'Waiting to continue at 41 %', 'waiting'],
  [{ state: 'HEAD_DONE', lease_owner: 'me', host: 'x.org' }, {}, 'Found at x.org', 'active'],
  [{ state: 'RESUME_OK', lease_owner: 'me' }, { part }, 'Continuing at 41 %', 'active'],
  [
    { state: 'STREAMING', lease_owner: 'me', source: 'europe_pmc' },
    { live },
    'Downloading from Europe PMC',
    'active'
  ],
  [
    { state: 'STREAMING', lease_owner: 'me', source: 'unpaywall', host: 'repo.org' },
    { live: { ...live, continuedFrom: 410 } },
    'Downloading from repo.org · continued at 41 %',
    'active'
  ],
  [{ state: 'STREAMING' }, { part }, 'Waiting to continue at 41 %', 'waiting'],
  [{ state: 'FINALIZED', lease_owner: 'me' }, {}, 'Being filed', 'active'],
  [{ state: 'DEDUPED' }, {}, 'In your library', 'done'],
  [{ state: 'DEDUPED', source: 'manual' }, {}, 'In your library, added by you', 'done'],
  [{ state: 'DEDUPED', doubtful: 1 }, {}, 'In your library; please check it', 'done'],
  [{ state: 'DEDUPED', doubtful: 0 }, {}, 'In your library', 'done'],
  [
    { state: 'DEDUPED', source: 'manual', doubtful: 1 },
    {},
    'In your library, added by you; please check it',
    'done'
  ],
  [{ state: 'SKIPPED_DUPLICATE' }, {}, 'Duplicate of a paper you have', 'done'],
  [{ state: 'FAILED', reason: 'LOGIN_PAGE' }, {}, 'The publisher asked for a sign-in', 'attention'],
  [{ state: 'FAILED', reason: 'SOMETHING_NEW' }, {}, 'SOMETHING_NEW', 'attention'],
  [
    { state: 'FAILED', reason: 'RATE_LIMITED', next_attempt_at: at('14:20') },
    {},
    'Waiting until 14:20: the server asked to slow down',
    'waiting'
  ],
  [{ state: 'FAILED', reason: 'TIMEOUT', next_attempt_at: at('13:00') }, {}, 'Waiting to retry', 'waiting'],
  [{ state: 'STREAMING', hold: 'paused' }, { part }, 'Paused by you · 41 % on disk', 'waiting'],
  [{ hold: 'paused' }, {}, 'Paused by you', 'waiting'],
  [{ state: 'FAILED', hold: 'ignored', reason: 'NO_OPEN_COPY' }, {}, 'Skipped', 'ignored'],
  [{ hold: 'removed' }, {}, 'Removed by you', 'ignored']
]

test.each(cases)('%j %j: %s (%s)', (row, around, words, group) => {
  const view = jobView(job(row), { ...nothing, ...around })
  expect([jobInWords(view, NOW), view.group]).toEqual([words, group])
})

test('an invalid row is still shown', () => {
  expect(jobView({ state: 'NEVER', authors_json: '{', year: 'x', bytes: 'y' }, nothing)).toMatchObject({
    state: 'PLANNED',
    authors: [],
    year: null,
    bytes: null
  })
})

test.each([
  ['https://doi.org/10.1016/s0140-6736(97)11096-0', '10.1016/s0140-6736(97)11096-0'],
  ['https://doi.org/10.1002/a%3C1%3E', '10.1002/a<1>'],
  ['https://arxiv.org/abs/hep-th/9901001', 'arXiv:hep-th/9901001'],
  ['https://pmc.ncbi.nlm.nih.gov/articles/PMC123/', 'PMC123'],
  ['https://pubmed.ncbi.nlm.nih.gov/42/', 'PMID 42'],
  ['https://openalex.org/W2741809807', 'W2741809807'],
  ['https://example.org/paper.pdf', 'https://example.org/paper.pdf'],
  ['https://doi.org/10.1/%E0%A4%A', '10.1/%E0%A4%A']
])('%s is called %s', (url, name) => {
  expect(identifierInAddress('x', url)).toBe(name)
})

describe('the actions of a job', () => {
  const may = (row: Row): string[] => {
    const view = jobView(job(row), nothing)
    const actions = actionsOf(view, {
      hasFile: view.group === 'done',
      isLeased: typeof row['lease_owner'] === 'string'
    })
    return Object.entries(actions).flatMap(([name, allowed]) => (allowed ? [name] : []))
  }
  test.each([
    [{}, ['pause', 'cancel', 'attach', 'openLanding']],
    [{ state: 'STREAMING', lease_owner: 'me' }, ['pause', 'cancel', 'openLanding']],
    [{ hold: 'paused' }, ['resume', 'cancel', 'attach', 'openLanding']],
    [{ state: 'FAILED', reason: 'NO_OPEN_COPY' }, ['retry', 'attach', 'ignore', 'openLanding']],
    [{ state: 'FAILED', hold: 'ignored' }, ['retry', 'attach', 'unignore', 'openLanding']],
    [{ state: 'DEDUPED' }, ['remove', 'reveal', 'openLanding']],
    [{ hold: 'removed' }, ['undoRemove', 'openLanding']]
  ])('%j: %j', (row, allowed) => {
    expect(may(row)).toEqual(allowed)
  })
})
