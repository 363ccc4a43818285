/** References with only a title, on the command line: reported with their match, planned when accepted. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { linesOf, runCli, type CliEnd } from '../../kit/run-cli'
import { bibliographicIndex, type CrossrefRecord } from '../../web/bibliographic-search'
import { json, text } from '../../web/service-answers'
import { startWeb, type Web } from '../../web/web'

const work = (doi: string, title: string, year: number): CrossrefRecord => ({
  DOI: doi,
  title: [title],
  author: [{ family: 'Breiman', given: 'Leo' }],
  issued: { 'date-parts': [[year]] },
  'container-title': ['Machine Learning'],
  type: 'journal-article'
})
const INDEX = bibliographicIndex([
  work('10.5555/forests', 'Random forests grown in clay', 2001),
  work('10.5555/forests.c', 'Correction to: Random forests grown in clay', 2001),
  work('10.5555/bagging', 'Bagging predictors of rainfall', 1996),
  work('10.5555/old', 'Stacked regressions of soil moisture', 1990)
])
const BIB = `@article{rf, title = {Random {Forests} Grown in Clay}, author = {Breiman, L.}, year = 2001, journal = {Machine Learning}}
@article{bp, title = {Bagging predictors of rainfall}, author = {Breiman, L.}, year = 1997}
@article{sr, title = {Stacked regressions of soil moisture}, author = {Breiman, L.}, year = 1996}
@article{no, title = {A paper that no service knows of}, author = {Nemo, N.}, year = 2010}
@article{id, title = {Named by its DOI}, doi = {10.5555/named}}
`
let web: Web
let folder: string
let crossrefIs: 'up' | 'down' = 'up'

beforeAll(async () => {
  web = await startWeb({
    sites: [
      ({ url }) => {
        const { hostname, searchParams } = new URL(url)
        if (hostname === 'api.openalex.org')
          return json({ meta: { count: 0, next_cursor: null }, results: [] })
        if (hostname !== 'api.crossref.org') return null
        if (crossrefIs === 'down') return text('gone', 410)
        const query = searchParams.get('query.bibliographic')
        if (query === null) return json({ status: 'ok', message: { items: [] } })
        return json({ status: 'ok', message: { items: INDEX.find(query, Number(searchParams.get('rows'))) } })
      }
    ]
  })
})
afterAll(() => web.close())
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'sheaf-titles-'))
  writeFileSync(join(folder, 'refs.bib'), BIB)
  web.forget()
  crossrefIs = 'up'
  return () => {
    rmSync(folder, { recursive: true, force: true })
  }
})

const sheaf = (args: readonly string[], env: Record<string, string> = {}): Promise<CliEnd> =>
  runCli(
    [
      ...args,
      ...['--from', join(folder, 'refs.bib'), '--json', '--enable-idempotency', '--rate', '*=500/s'],
      ...['--out', join(folder, 'library'), '--data-dir', join(folder, 'data'), ...web.connectToArguments]
    ],
    { env }
  )
const matches = ({ lines }: CliEnd): readonly unknown[] =>
  lines.filter((line) => (line.type as string) === 'match')
const asked = (): number => web.requests.filter(({ url }) => url.includes('query.bibliographic')).length

test('plan reports each reference with its match and plans none of them; --accept plans the certain ones', async () => {
  const reported = await sheaf(['plan'])
  expect(reported.status).toBe(3)
  expect(matches(reported)).toMatchObject([
    {
      key: 'rf',
      line: 1,
      verdict: 'sure',
      accepted: false,
      proposal: { doi: '10.5555/forests', source: 'crossref' }
    },
    { key: 'bp', verdict: 'sure', proposal: { doi: '10.5555/bagging' } },
    { key: 'sr', verdict: 'unsure', doubt: 'year', proposal: { doi: '10.5555/old' } },
    { key: 'no', verdict: 'none', score: null, proposal: null }
  ])
  expect(linesOf(reported, 'error').map(({ code }) => code)).toEqual(Array(4).fill('NAMED_BY_TITLE_ONLY'))
  expect(linesOf(reported, 'planned').map(({ work_id }) => work_id)).toEqual(['doi:10.5555/named'])

  const before = asked()
  const accepted = await sheaf(['plan', '--accept-matches'])
  // Recorded answers are not requested again.
  expect(asked()).toBe(before)
  expect(accepted.status).toBe(3)
  expect(linesOf(accepted, 'planned').map(({ work_id, existing }) => [work_id, existing])).toEqual([
    ['doi:10.5555/named', true],
    ['doi:10.5555/forests', false],
    ['doi:10.5555/bagging', false]
  ])
  expect(linesOf(accepted, 'error')).toHaveLength(2)
})

test('killed between two answers, the next start requests only the missing ones', async () => {
  const killed = await sheaf(['plan'], { SHEAF_DIE_AT: 'LOOKUP: answered#2' })
  expect(killed.signal).toBe('SIGKILL')
  const stored = 2
  web.forget()
  const again = await sheaf(['plan'])
  expect(matches(again)).toHaveLength(4)
  const crossref = asked()
  const openAlex = web.requests.filter(({ url }) => url.includes('api.openalex.org')).length
  // Four references at Crossref and two at OpenAlex, minus the recorded answers.
  expect(crossref + openAlex).toBeLessThanOrEqual(6 - stored)
})

test('no service answers: reported, and nothing else is lost; with --no-matches no service is asked', async () => {
  crossrefIs = 'down'
  const unanswered = await sheaf(['plan'])
  expect(matches(unanswered)).toHaveLength(4)
  expect(linesOf(unanswered, 'planned')).toHaveLength(1)
  web.forget()
  const quiet = await sheaf(['plan', '--no-matches'])
  expect(web.requests).toHaveLength(0)
  expect(matches(quiet)).toHaveLength(0)
  expect(linesOf(quiet, 'error').map(({ code }) => code)).toEqual(Array(4).fill('NAMED_BY_TITLE_ONLY'))
})
