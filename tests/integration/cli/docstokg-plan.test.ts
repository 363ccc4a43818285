/**
 * The plan file that ships with DocsToKG is read unchanged and downloads papers; its offline settings have no
 * effect while there is a network.
 */
import { mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import type { SourceName } from '../../../src/contract/words'
import { runCli } from '../../kit/run-cli'
import { repositoryRoot } from '../../kit/shared'
import { startWorld } from '../../web/scholarly'
import type { WorldWork } from '../../web/works'

const PLAN = join(repositoryRoot, 'tests/fixtures/docstokg/fallback.yaml')
/** Each source of that plan, with a paper that only this source can find. */
const SOURCES: readonly SourceName[] = [
  'unpaywall',
  'arxiv',
  'pmc',
  'doi_redirect',
  'landing_scrape',
  'europe_pmc',
  'wayback'
]

const workOf = (via: SourceName): WorldWork => {
  const key = via.replace('_', '')
  return {
    key,
    ...(via === 'arxiv' ? { arxiv: '2401.00007' } : {}),
    ...(via === 'pmc' ? { pmcid: 'PMC9000001' } : {}),
    ...(via === 'europe_pmc' ? { pmcid: 'PMC9000002' } : {}),
    ...(via === 'doi_redirect' ? { landing: 'none' } : {}),
    copies: [{ via }]
  }
}

test('DocsToKG’s own fallback.yaml downloads papers from every source that it names', async () => {
  const { web } = await startWorld(SOURCES.map(workOf))
  onTestFinished(() => web.close())
  const folder = await mkdtemp(join(tmpdir(), 'sheaf-docstokg-'))
  onTestFinished(() => rm(folder, { recursive: true, force: true }))
  const names = SOURCES.flatMap((via) =>
    via === 'arxiv' ? ['--arxiv', '2401.00007'] : ['--doi', `10.5555/${via.replace('_', '')}`]
  )
  const end = await runCli(
    [
      ...['run', '--json', '--enable-idempotency', '--fallback-plan', PLAN, ...names],
      ...['--out', join(folder, 'library'), '--data-dir', join(folder, 'data')],
      ...['--rate', '*=500/s', '--mailto', 'reader@university.example', ...web.connectToArguments]
    ],
    { timeoutMs: 150_000 }
  )
  expect(end.status, end.stderr).toBe(0)
  const summary = end.lines.find((line) => line.type === 'summary')
  expect(summary).toMatchObject({ done: SOURCES.length, failed: 0 })
  expect(await readdir(join(folder, 'library/papers'))).toHaveLength(SOURCES.length)
}, 180_000)
