/** A search from the command line on a fixture web whose OpenAlex can return any response. */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { linesOf, runCli, type CliEnd } from '../../kit/run-cli'
import { startWorld } from '../../web/scholarly'
import { json, text, type Responder } from '../../web/service-answers'

const found = (key: string): object => ({ doi: `https://doi.org/10.5555/${key}`, title: `About ${key}` })

/** OpenAlex answers the pages of such a search by cursor; the other services work. */
async function worldOf(
  pages: (cursor: string) => Responder
): Promise<(...args: string[]) => Promise<CliEnd>> {
  const { web } = await startWorld(['good', 'better'].map((key) => ({ key, copies: [{ via: 'unpaywall' }] })))
  web.addSite((asked) => {
    if (!asked.url.includes('api.openalex.org/works?')) return null
    return pages(new URL(asked.url).searchParams.get('cursor') ?? '')
  })
  const folder = await mkdtemp(join(tmpdir(), 'sheaf-search-'))
  onTestFinished(async () => {
    await web.close()
    await rm(folder, { recursive: true, force: true })
  })
  return (...args) =>
    runCli([
      ...args,
      ...['--data-dir', join(folder, 'data'), '--out', join(folder, 'library')],
      ...web.connectToArguments,
      ...['--rate', '*=1000/s', '--mailto', 'test@example.org', '--enable-idempotency']
    ])
}

const failsOnPageTwo = (cursor: string): Responder =>
  cursor === '*' ? json({ meta: { count: 9, next_cursor: 'b' }, results: [found('good')] }) : text('{{{')

test('a failed page loses only its own results: summary and files are complete, exit status 3', async () => {
  const sheaf = await worldOf(failsOnPageTwo)
  const asked = ['--query', 'rivers', '--doi', '10.5555/better']
  const plan = await sheaf('plan', ...asked, '--json')
  expect(plan.status).toBe(3)
  expect(linesOf(plan, 'summary')).toMatchObject([{ planned: 2, by_reason: { SEARCH_FAILED: 1 } }])
  const run = await sheaf('run', ...asked, '--json')
  expect(run.status).toBe(3)
  expect(linesOf(run, 'error')).toMatchObject([{ code: 'SEARCH_FAILED' }])
  expect(linesOf(run, 'summary')).toMatchObject([{ done: 2, failed: 0, by_reason: { SEARCH_FAILED: 1 } }])
  const forPeople = await sheaf('run', ...asked)
  expect(forPeople.status).toBe(3)
  expect(forPeople.stderr).toContain('The search stopped after 1 works')
}, 60_000)

test('a search that fails without results is an error', async () => {
  const sheaf = await worldOf(() => text('{{{'))
  const run = await sheaf('run', '--query', 'rivers', '--json')
  expect(run.status).toBe(1)
  expect(linesOf(run, 'error')).toMatchObject([{ code: 'SEARCH_FAILED' }])
}, 60_000)
