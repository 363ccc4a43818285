/**
 * The histories of real jobs: rows that the engine wrote under schema 9, migrated to the present schema. One
 * of the jobs was killed in mid-stream and started again.
 */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import type { HistoryEntry } from '../../../src/main/sheaf-api'
import { candidatesOf } from '../../../src/main/ipc/candidates'
import { jobView } from '../../../src/main/ipc/job-view'
import type { HistoryContext } from '../../../src/contract/job-history'
import { historyFacts } from '../../../src/main/ipc/job-history'
import type { Row } from '../../../src/main/ipc/rows'
import { stepsOf } from '../../../src/main/ipc/steps'
import { summaryOf } from '../../../src/renderer/text/job-summary'
import { timelineOf } from '../../../src/renderer/text/job-timeline'
import { jobInWords } from '../../../src/renderer/text/job-words'
import { DRAWER } from '../../../src/renderer/text/queue'
import { historyOf } from '../../../src/main/engine/history'
import { migratedLedger } from '../../kit/old-ledger'
import { repositoryRoot } from '../../kit/shared'

interface RecordedJob {
  readonly job: Row
  readonly history: readonly HistoryEntry[]
}
const old = JSON.parse(
  readFileSync(join(repositoryRoot, 'tests/fixtures/ipc/job-histories.json'), 'utf8')
) as Readonly<Record<'killed' | 'plain' | 'login' | 'dup' | 'changes', RecordedJob>>

const TABLE_OF = { op: 'artifact_ops', attempt: 'attempts', event: 'job_events' } as const

/** The rows, migrated to this version. */
async function migrated({ job, history }: RecordedJob): Promise<RecordedJob> {
  const rows = history.map(({ kind, row }) => ({ table: TABLE_OF[kind], row }))
  const reader = await migratedLedger(9, rows)
  return { job, history: historyOf(reader, String(job['job_id'])) }
}
const recorded = {
  killed: await migrated(old.killed),
  plain: await migrated(old.plain),
  login: await migrated(old.login),
  dup: await migrated(old.dup),
  changes: await migrated(old.changes)
}

test.each(Object.entries(recorded))(
  '%s: every request and every step of an op refers to it',
  (_, { history }) => {
    const { ops, asked } = historyFacts(history)
    const requests = ops.filter((op) => op.kind === 'HEAD' || op.kind === 'STREAM')
    // A request that was cut off by a kill has no row in `attempts`.
    expect(requests.filter((op) => op.request === null).map((op) => op.code)).toEqual(
      requests.filter((op) => op.code === 'ABANDONED').map((op) => op.code)
    )
    const byOps = ops.flatMap((op) => op.asked)
    expect(asked.filter((row) => !byOps.includes(row))).toEqual([])
  }
)

function shown({ job, history }: RecordedJob, more: Partial<HistoryContext> = {}, changed: Row = {}) {
  const around: HistoryContext = {
    now: Number(job['updated_at']) + 60,
    hostname: 'vm',
    isActive: false,
    live: null,
    part: null,
    ...more
  }
  const view = jobView({ ...job, source: 'unpaywall', ...changed }, around)
  const facts = historyFacts(history)
  const events = history.filter((entry) => entry.kind === 'event').map((entry) => entry.row)
  const candidates = candidatesOf(facts.ops, around.isActive)
  const shown = { ...facts, context: around }
  return {
    view,
    words: jobInWords(view, around.now),
    candidates,
    entries: timelineOf(shown),
    steps: stepsOf({ state: view.state, createdAt: view.createdAt, events }),
    summary: summaryOf({ job: view, history: shown, candidates, file: null })
  }
}

const line = ({ title, marks }: { title: string; marks: readonly { text: string }[] }): string =>
  [title, ...marks.map((mark) => mark.text)].join(' | ')

describe('a job whose process was killed in mid-stream', () => {
  const { entries, summary, steps, candidates } = shown(recorded.killed)

  test('lists every entry in the order in which it happened', () => {
    expect(entries.map(line)).toEqual([
      'Added',
      'Started',
      'Search | used again',
      'Unpaywall | found',
      'OpenAlex | nothing there',
      'arXiv | not asked',
      'PubMed Central | nothing there',
      'Check | used again',
      'Download | interrupted',
      'Interrupted; it will continue',
      'Started',
      'Search, Check | already done',
      'Download | attempt 2 | continued at 46 %',
      'It is the right paper | 2 pages',
      'Finalize',
      'Index',
      'Dedupe'
    ])
    const instants = entries.map((entry) => entry.at)
    expect(instants).toEqual([...instants].sort((a, b) => a - b))
    expect(new Set(entries.map((entry) => entry.id)).size).toBe(entries.length)
  })

  test('reports what was kept, what was resumed, and what was not requested again', () => {
    const detail = (title: string): readonly string[] =>
      entries.filter((entry) => entry.title === title).map((entry) => entry.detail)
    expect(detail('Added')).toEqual(['From reading-list.bib, line 33.'])
    expect(detail('Check')).toEqual(['480 kB, PDF, strong validator'])
    expect(detail('Download')[0]).toBe('It was in progress when Sheaf stopped; 222 kB were kept on disk.')
    expect(detail('Download')[1]).toMatch(
      /^258 kB in 2\.7 s \(95 kB\/s\)\. 222 kB were on disk and were not downloaded again\.$/
    )
    expect(detail('Search, Check')).toEqual(['Stored results were used, no request was sent.'])
    // When a killed op ended is not known.
    expect(entries.find((entry) => line(entry) === 'Download | interrupted')?.elapsedMs).toBeNull()
  })

  test('has a summary', () => {
    expect(summary).toEqual({
      headline: 'Continued after an interruption.',
      text: 'Sheaf stopped during the download with 222 kB on disk. The server still had the same version, so only the remaining 258 kB were downloaded; nothing was downloaded twice.',
      next: 'Nothing to do: it is in your library.',
      tone: 'good'
    })
    expect(steps.map(({ state, status }) => `${DRAWER.steps[state]} ${status}`)).toEqual([
      'Added done',
      'Started done',
      'Found done',
      'Resuming done',
      'Downloading done',
      'Filed done',
      'Indexed done',
      'Done done'
    ])
    expect(candidates).toMatchObject([
      { host: 'slow.sample.example', source: 'unpaywall', verdict: 'chosen' }
    ])
  })

  const until = (kind: string, epoch: number): RecordedJob => {
    const cut = recorded.killed.history.findIndex(
      ({ row }) => row['kind'] === kind && row['lease_epoch'] === epoch
    )
    // As the ledger was then: the op's own row still had the first attempt.
    const before = recorded.killed.history.slice(0, cut + 1)
    const former = recorded.killed.history.find(({ row }) => row['kind'] === 'op')
    const detail = JSON.parse(String(former?.row['detail_json'])) as Row
    const stream: Row = {
      ...detail,
      result_json: JSON.stringify(detail['result']),
      lease_epoch: 1,
      replays: 0,
      recovery: null,
      context_json: '{"range_start":0,"url":"https://slow.sample.example/observatory/starlight.pdf"}'
    }
    return {
      job: { ...recorded.killed.job, state: 'STREAMING', lease_owner: null },
      history: [...before, { at: Number(detail['started_at']), kind: 'op', row: stream as never }]
    }
  }

  test('before it was resumed', () => {
    const part = { bytes: 222_000, totalBytes: 480_000 }
    const waiting = shown(until('recovered', 1), { part })
    expect(waiting.words).toBe('Waiting to continue at 46 %')
    expect(waiting.summary).toMatchObject({ headline: 'Interrupted.', tone: 'attention' })
    expect(waiting.entries.map(line).slice(-2)).toEqual([
      'Download | interrupted',
      'Interrupted; it will continue'
    ])
    expect(waiting.candidates[0]?.verdict).toBe('untried')
  })
})

test('an undisturbed job has no headline and no warnings', () => {
  const { entries, summary, steps } = shown(recorded.plain)
  expect(summary.headline).toBeNull()
  expect(entries.filter((entry) => entry.tone === 'bad' || entry.tone === 'attention')).toEqual([])
  expect(
    entries.filter((entry) => entry.from !== null || entry.to !== null).map((m) => [m.title, m.to])
  ).toEqual([
    ['Started', 'LEASED'],
    ['Check', 'HEAD_DONE'],
    ['Download', 'STREAMING'],
    ['Finalize', 'FINALIZED'],
    ['Index', 'INDEXED'],
    ['Dedupe', 'DEDUPED']
  ])
  expect(steps.find((step) => step.state === 'RESUME_OK')?.status).toBe('skipped')
})

test('a job that met a sign-in page reports it, what was asked, and what to do', () => {
  const { entries, summary, steps, candidates, words } = shown(recorded.login)
  expect(words).toBe('The publisher asked for a sign-in')
  expect(summary).toMatchObject({
    headline: 'The publisher asked for a sign-in.',
    next: 'Open it in your browser, sign in, and attach the file.',
    tone: 'bad'
  })
  expect(summary.text).toContain('7 sources were asked; 1 copy was tried and rejected.')
  expect(candidates).toMatchObject([
    { verdict: 'rejected', because: expect.stringContaining('Sign in') as string }
  ])
  expect(line(entries.at(-1)!)).toBe('Failed | LOGIN_PAGE')
  expect(steps.find((step) => step.status === 'failed')?.state).toBe('HEAD_DONE')
})

test('a duplicate is linked, and its path leaves out the steps that were not needed', () => {
  const { entries, summary, steps } = shown(recorded.dup)
  expect(line(entries.at(-1)!)).toBe('Duplicate of a paper you have')
  expect(summary.headline).toBe('Duplicate of a paper you have.')
  expect(steps.map((step) => step.status)).toEqual([
    'done',
    'done',
    'done',
    'skipped',
    'done',
    'skipped',
    'skipped',
    'done'
  ])
})

describe('a download that restarted is shown with the recorded reason', () => {
  /** The row as if the STREAM had recorded this reason; the recorded rows are older than the field. */
  const anewBecause = (reason: string | null): RecordedJob => ({
    ...recorded.changes,
    history: recorded.changes.history.map((entry) => {
      if (entry.row['op_type'] !== 'STREAM' || reason === null) return entry
      const result = JSON.parse(String(entry.row['result_json'])) as Row
      const row = { ...entry.row, result_json: JSON.stringify({ ...result, anewBecause: reason }) }
      return { ...entry, row: row }
    })
  })
  test.each([
    ['changed', 'Downloaded again: the file had changed.', 'another version', 'belonged to another version'],
    ['sent_whole', 'Downloaded again from the start.', 'it sent all of it again', 'could not be continued'],
    [
      'range_refused',
      'Downloaded again from the start.',
      'refused to send the rest',
      'could not be continued'
    ],
    ['unproven', 'Downloaded again from the start.', 'did not prove', 'could not be continued'],
    [
      'of a later version',
      'Downloaded again from the start.',
      'could not be continued',
      'could not be continued'
    ],
    [null, 'Downloaded again from the start.', 'could not be continued', 'could not be continued']
  ])('%s', (reason, headline, because, detail) => {
    const { summary, entries } = shown(anewBecause(reason))
    expect(summary.headline).toBe(headline)
    expect(summary.text).toMatch(/^The connection was lost with 65 kB on disk\. /)
    expect(summary.text).toContain(because)
    const again = entries.find((entry) => line(entry) === 'Download | attempt 2 | 65 kB downloaded twice')
    expect(again?.detail).toContain(`65 kB on disk ${detail} and were discarded.`)
  })
})

test('a download that was cut off has no headline until it is known how it continues', () => {
  const rows = recorded.killed.history.filter(
    ({ kind, row }) => kind !== 'op' || ['RESOLVE', 'HEAD', 'STREAM'].includes(String(row['op_type']))
  )
  const inProgress: RecordedJob = {
    job: { ...recorded.killed.job, state: 'STREAMING', lease_owner: 'vm:1:1' },
    history: rows.map((entry) =>
      entry.kind === 'op' && entry.row['op_type'] === 'STREAM'
        ? {
            ...entry,
            row: { ...entry.row, result_code: null, result_json: null, finished_at: null }
          }
        : entry
    )
  }
  expect(shown(inProgress, { isActive: true }).summary.headline).toBeNull()
  const live = { bytes: 9_000, totalBytes: 480_000, bytesPerSecond: 0, continuedFrom: null }
  expect(shown(inProgress, { isActive: true, live }).summary).toMatchObject({
    headline: 'Started again after an interruption.',
    text: 'Sheaf stopped during the download; it is downloaded from the start.'
  })
})

test('no row makes it throw', () => {
  const strange = ['op', 'attempt', 'event'] as const
  for (const kind of strange) {
    for (const row of [
      {},
      { kind: 'state', detail_json: '{' },
      { op_type: 'HEAD', result_json: '[1' },
      { at: 'x' }
    ]) {
      const { entries } = shown({ job: recorded.plain.job, history: [{ at: 0, kind, row }] })
      expect(Array.isArray(entries)).toBe(true)
    }
  }
})
