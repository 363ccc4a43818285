import { describe, expect, it } from 'vitest'
import { Progress, reasonInWords, summaryTable } from '../../../src/main/cli/progress'
import { bytesInWords, columns, cut, displayWidth, durationInWords } from '../../../src/main/cli/wording'
import type { Line } from '../../../src/contract/lines'

const planned = (job: string, title: string | null): Line => ({
  type: 'planned',
  work_id: `W${job}`,
  job_id: job,
  canonical_url: `https://doi.org/10.1/${job}`,
  title,
  existing: false
})

describe('progress', () => {
  it('shows a line per active download with share, size and rate, and removes it at its end', () => {
    const progress = new Progress()
    progress.take(planned('a', 'On Reefs'), 0)
    progress.take(planned('b', null), 0)
    progress.take({ type: 'state', job_id: 'a', from: 'PLANNED', to: 'LEASED' }, 0)
    expect(progress.lines(80, 0)[0]).toContain('looking for a copy')
    progress.take({ type: 'state', job_id: 'a', from: 'HEAD_DONE', to: 'STREAMING' }, 0)
    progress.take({ type: 'progress', job_id: 'a', bytes: 1_000_000, total: 4_000_000 }, 1_000)
    progress.take({ type: 'progress', job_id: 'a', bytes: 3_000_000, total: 4_000_000 }, 2_000)
    const [line = ''] = progress.lines(80, 2_000)
    expect(line).toContain('On Reefs')
    expect(line).toContain('75 %')
    expect(line).toContain('3.0 MB')
    expect(line).toContain('2.0 MB/s')
    expect(displayWidth(line)).toBeLessThanOrEqual(80)
    const said = progress.take(
      { type: 'done', job_id: 'a', work_id: 'Wa', state: 'DEDUPED', bytes: 4_000_000, source: 'arxiv' },
      3_000
    )
    expect(said).toBe('✓ On Reefs (4.0 MB, arxiv)')
    expect(progress.lines(80, 3_000)).toEqual([])
  })

  it('describes a failure with the next step', () => {
    const progress = new Progress()
    progress.take(planned('b', null), 0)
    const said = progress.take(
      { type: 'done', job_id: 'b', work_id: 'Wb', state: 'FAILED', reason: 'LOGIN_PAGE' },
      0
    )
    expect(said).toContain('✗ https://doi.org/10.1/b: The publisher asked for a sign-in')
    expect(said).toContain('attach the file')
    expect(reasonInWords('SOMETHING_NEW')).toBe('SOMETHING_NEW')
  })

  it('limits the number of lines when many downloads run at once', () => {
    const progress = new Progress()
    for (let n = 0; n < 50; n += 1) progress.take({ type: 'progress', job_id: `job-${n}`, bytes: 10 }, 0)
    const lines = progress.lines(80, 0)
    expect(lines).toHaveLength(14)
    expect(lines[12]).toBe('  … and 38 more')
  })

  it('shows every figure of the summary line', () => {
    const table = summaryTable({
      type: 'summary',
      planned: 12,
      existing: 3,
      done: 9,
      duplicates: 1,
      failed: 2,
      replays: 4,
      bytes_fetched: 12_345_678,
      bytes_resumed: 1_000,
      elapsed_ms: 5,
      by_reason: { NO_OPEN_COPY: 2 },
      by_source: { arxiv: 9 }
    })
    for (const part of ['12', '3 more', '9', 'arxiv 9', 'NO_OPEN_COPY 2', '12.3 MB', '1.0 kB'])
      expect(table).toContain(part)
  })
})

describe('wording', () => {
  it.each([
    [0, '0 B'],
    [999, '999 B'],
    [1000, '1.0 kB'],
    [99_940, '99.9 kB'],
    [123_456, '123 kB'],
    [999_600, '1.0 MB'],
    [2e12, '2.0 TB']
  ])('%d bytes are written as %s', (bytes, words) => {
    expect(bytesInWords(bytes)).toBe(words)
  })
  it.each([
    [5, '5 ms'],
    [1500, '1.5 s'],
    [61_000, '1 min 1 s'],
    [3_660_000, '1 h 1 min']
  ])('%d ms are written as %s', (ms, words) => {
    expect(durationInWords(ms)).toBe(words)
  })
  it('a single row is not padded', () => {
    expect(columns([['a ', '漢字\nx', '\u0007b ']])).toBe('a   漢字 x  \ufffdb')
  })
  it('columns line up in every script', () => {
    expect(
      columns([
        ['a', '中文', 'x'],
        ['bbb', 'c', 'y']
      ])
    ).toBe('a    中文  x\nbbb  c     y')
    expect(displayWidth('é')).toBe(1)
    expect(cut('中文中文中文', 7)).toBe('中文中…')
    expect(cut('a\nb  c', 10)).toBe('a b c')
  })
})
