/**
 * A first day of use: welcome, a long reading list, the run, papers that need attention, the library, the
 * reader; then a second computer that has only the library folder.
 */
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Page } from 'playwright'
import { expect, test } from '../kit/app'
import { plainWorks, type WorldWork } from '../web/works'
import { chip, expectFigure, goTo, jobRow, openDrawer, paste, rail } from './screens'

const works = (count: number, prefix: string, work: (n: number) => Omit<WorldWork, 'key'>): WorldWork[] =>
  Array.from({ length: count }, (_, n) => ({ key: `${prefix}${n + 1}`, ...work(n) }))

const OPEN = plainWorks(40)
const PREPRINTS = works(20, 'p', (n) => ({
  title: `A preprint on the drift of dunes, part ${n + 1}`,
  arxiv: `2402.${String(n + 1).padStart(5, '0')}`,
  doi: null,
  copies: [{ via: 'arxiv' }]
}))
const MEDICAL = works(16, 'm', (n) => ({
  title: `A trial of early walking, report ${n + 1}`,
  pmid: String(39_100_000 + n),
  pmcid: `PMC${9_100_000 + n}`,
  copies: [{ via: 'europe_pmc' }]
}))
const CITED = works(24, 'b', (n) => ({
  title: `Letters from the salt roads, volume ${n + 1}`,
  authors: ['Ōe, Nao', 'Brandt, Ruth'],
  year: 1990 + n,
  copies: [{ via: n % 2 === 0 ? 'unpaywall' : 'landing_scrape' }]
}))
const WITHOUT_COPY = works(12, 'lost', (n) => ({
  title: `A thesis nobody digitised, part ${n + 1}`,
  copies: []
}))
const SIGN_IN = works(5, 'shut', (n) => ({
  title: `Behind a sign-in, part ${n + 1}`,
  copies: [{ via: 'unpaywall', misbehave: { kind: 'html-login' } }]
}))
const WRONG_PAPERS = works(3, 'mixed', (n) => ({
  title: `Glaciers measured twice over, survey ${n + 1}`,
  copies: [{ via: 'unpaywall', misbehave: { kind: 'wrong-paper' } }]
}))
const AVAILABLE = [...OPEN, ...PREPRINTS, ...MEDICAL, ...CITED]
const FAILING = [...WITHOUT_COPY, ...SIGN_IN, ...WRONG_PAPERS]
const ALL = [...AVAILABLE, ...FAILING]

const doiOf = (work: WorldWork): string => `10.5555/${work.key}`
const SPELLINGS = [
  (doi: string) => doi,
  (doi: string) => `https://doi.org/${doi}`,
  (doi: string) => `doi:${doi.toUpperCase()}`,
  (doi: string) => `Abbott M, Eriksen J. The slow drift of rivers. J Riv 2012;3:1-9. doi: ${doi}.`,
  (doi: string) => `http://dx.doi.org/${doi}`
]
const spelled = (doi: string, n: number): string => SPELLINGS[n % SPELLINGS.length]?.(doi) ?? doi
const bibtex = (work: WorldWork): string[] => [
  `@article{${work.key},`,
  `  title = {${work.title ?? ''}},`,
  `  author = {${(work.authors ?? []).join(' and ')}},`,
  `  year = {${String(work.year)}},`,
  `  doi = {${doiOf(work)}}`,
  '}'
]
const BOOKS = Array.from({ length: 10 }, (_, n) => `ISBN 978-3-16-14841${n}-0`)

/**
 * A list that grew over years: all kinds of identifiers, many duplicates, and lines that are not identifiers.
 */
const LINES = [
  ...[...OPEN, ...FAILING].map((work, n) => spelled(doiOf(work), n)),
  ...PREPRINTS.map(({ arxiv }, n) =>
    n % 2 === 0 ? `arXiv:${arxiv ?? ''}` : `https://arxiv.org/abs/${arxiv ?? ''}v1`
  ),
  ...MEDICAL.map(({ pmid }) => `PMID: ${pmid ?? ''}`),
  ...BOOKS,
  ...OPEN.map((work, n) => spelled(doiOf(work), n + 2)),
  ...PREPRINTS.map(({ arxiv }) => arxiv ?? ''),
  ...CITED.flatMap(bibtex),
  ...CITED.slice(0, 5).flatMap(bibtex)
]

test('first day: welcome, a long list, failures, an attached file, the reader, a second computer', async ({
  openWorld
}) => {
  test.slow()
  const world = await openWorld(ALL, {
    welcomed: false,
    settings: { 'general.mailto': '', 'files.library': '' }
  })
  const first = await world.start()
  const { app, page } = first
  const fileRequests = (): string[] =>
    world.web.requests.map(({ url }) => url).filter((url) => /\.pdf|\/pdf\/|pdf=render/.test(url))

  await test.step('welcome', async () => {
    await app.evaluate(({ dialog }, folder) => {
      dialog.showOpenDialog = () => Promise.resolve({ canceled: false, filePaths: [folder] })
    }, world.libraryDir)
    await page.getByRole('textbox', { name: 'Contact address' }).fill('ada@example.org')
    await page.getByRole('button', { name: 'Choose…' }).click()
    await page.getByRole('button', { name: 'Start' }).click()
    await expect(rail(page)).toBeVisible()
  })

  await test.step('list', async () => {
    expect(LINES.length).toBeGreaterThan(325)
    const dialog = await paste(page, LINES.join('\n'))
    const kinds = dialog.getByRole('group', { name: 'Show' })
    await expect(kinds.getByRole('button', { name: `New ${ALL.length}` })).toBeVisible()
    await expect(kinds.getByRole('button', { name: `Not understood ${BOOKS.length}` })).toBeVisible()
    await expect(dialog.getByText(`${OPEN.length + PREPRINTS.length + 5} duplicates`)).toBeVisible()
    await dialog.getByRole('button', { name: `Add ${ALL.length} papers` }).click()
    await expect(dialog).toBeHidden()
  })

  await test.step('run', async () => {
    await expectFigure(page, 'done', AVAILABLE.length, 90_000)
    await expectFigure(page, 'need attention', FAILING.length, 90_000)
    expect((await world.papers()).length).toBe(AVAILABLE.length)
  })

  await test.step('failures', async () => {
    await chip(page, 'Needs attention').click()
    const reasons = page.getByRole('list', { name: 'Reasons' }).getByRole('listitem')
    await expect(reasons.filter({ hasText: 'No open copy was found' })).toContainText(
      String(WITHOUT_COPY.length)
    )
    await expect(reasons).toHaveCount(3)
  })

  await test.step('attach', async () => {
    const file = join(world.dataDir, 'scanned by the library.pdf')
    writeFileSync(file, world.world.pdf('lost3'))
    await app.evaluate(({ dialog }, path) => {
      dialog.showOpenDialog = () => Promise.resolve({ canceled: false, filePaths: [path] })
    }, file)
    const lost = page
      .getByRole('list', { name: 'Reasons' })
      .getByRole('listitem')
      .filter({ hasText: 'No open copy was found' })
    await lost.getByRole('button', { name: /^12/ }).click()
    await expect(jobRow(page, 'Behind a sign-in')).toHaveCount(0)
    const drawer = await openDrawer(page, WITHOUT_COPY[2]?.title ?? '')
    await drawer.getByRole('button', { name: 'Attach file…' }).click()
    await expectFigure(page, 'done', AVAILABLE.length + 1)
    await expectFigure(page, 'need attention', FAILING.length - 1)
    await expect(drawer).toContainText('Added by you.')
  })

  await test.step('library', async () => {
    await goTo(page, 'Library')
    await expectPapers(page, AVAILABLE.length + 1)
    await page.getByRole('searchbox').fill('salt roads 7')
    await expect(papers(page).getByText('Letters from the salt roads, volume 7').first()).toBeVisible()
  })

  await test.step('reader', async () => {
    await papers(page).getByText('Letters from the salt roads, volume 7').first().dblclick()
    const reader = page.getByRole('region', { name: 'Reader' })
    await expect(reader.getByText(/^of \d+$/)).toBeVisible()
    await expect(reader.getByText('Letters from the salt roads, volume 7').first()).toBeAttached()
  })

  await test.step('insights', async () => {
    await page.getByRole('button', { name: 'Back to the library' }).click()
    await goTo(page, 'Insights')
    await expect(page.getByRole('heading', { level: 1, name: 'Insights' })).toBeVisible()
  })
  await first.close()

  const other = world.otherComputer()
  const objectsBefore = await world.objects()
  const asked = world.web.requests.length
  const second = await other.start()

  await test.step('second-welcome', async () => {
    await second.app.evaluate(({ dialog }, folder) => {
      dialog.showOpenDialog = () => Promise.resolve({ canceled: false, filePaths: [folder] })
    }, other.libraryDir)
    await second.page.getByRole('button', { name: 'Choose…' }).click()
    await second.page.getByRole('button', { name: 'Start' }).click()
    await expect(rail(second.page)).toBeVisible()
  })

  await test.step('second-known', async () => {
    const said = second.page.getByRole('status').filter({ hasText: 'already in the library folder' })
    await expect(said).toContainText(`${AVAILABLE.length + 1} papers`)
    await goTo(second.page, 'Library')
    await expectPapers(second.page, AVAILABLE.length + 1)
    expect(
      world.web.requests.slice(asked).map(({ url }) => url),
      'requests to the web'
    ).toEqual([])
  })

  await test.step('second-list', async () => {
    const before = fileRequests().length
    const dialog = await paste(second.page, LINES.join('\n'))
    const kinds = dialog.getByRole('group', { name: 'Show' })
    await expect(kinds.getByRole('button', { name: `In library ${AVAILABLE.length + 1}` })).toBeVisible()
    await expect(kinds.getByRole('button', { name: `New ${FAILING.length - 1}` })).toBeVisible()
    expect(fileRequests().length).toBe(before)
    expect(await world.objects()).toEqual(objectsBefore)
  })
})

const papers = (page: Page) => page.getByRole('grid', { name: 'Papers' })

async function expectPapers(page: Page, count: number): Promise<void> {
  await expect(rail(page).getByRole('link', { name: 'Library' })).toContainText(String(count))
}
