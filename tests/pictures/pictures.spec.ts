/**
 * Takes the screenshots of the guide and of the README, in both themes and three sizes, from the built app
 * with its own fixture web: `npm run pictures`. The screenshots show real states: papers are downloaded, some
 * fail, the process is killed in mid-stream and started again.
 */
import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import type { Locator, Page } from 'playwright'
import { expect, test } from '../kit/app'
import { makePdf } from '../kit/make-pdf'
import { repositoryRoot } from '../kit/shared'
import { dropPaths } from '../e2e/drop-file'
import { chip, expectFigure, goTo, jobRow, openDrawer, paste, plan } from '../e2e/screens'
import { startZotero } from '../kit/zotero-loopback'
import { GOOD_KEY } from '../web/service-openalex-content'
import { INTERRUPTED, READING_LIST, SLOW } from './reading-list'

const GUIDE = join(repositoryRoot, 'docs/screens')
/** All screenshots, for review. */
const ALL_SCREENSHOTS = join(repositoryRoot, 'node_modules/.cache/sheaf-pictures')
const SIZES = [
  { width: 900, height: 650 },
  { width: 1280, height: 800 },
  { width: 1920, height: 1080 }
]
const THEMES = ['light', 'dark'] as const
/** The bytes at which a slow download is held, so that every screenshot shows active downloads. */
const SLOW_BYTES_PER_SECOND = 45_000
const KILLED_AT = 1_845_000

/** One screenshot in every theme and size; the guide keeps the small ones. */
async function takeScreenshots(
  page: Page,
  name: string,
  settle: () => Promise<void> = () => Promise.resolve()
) {
  for (const theme of THEMES) {
    await page.emulateMedia({ colorScheme: theme, reducedMotion: 'reduce' })
    for (const size of SIZES) {
      await page.setViewportSize(size)
      await settle()
      // Wait for images and fonts that are still loading.
      await page.waitForTimeout(700)
      await page.screenshot({ path: join(ALL_SCREENSHOTS, `${name}-${theme}-${size.width}.png`) })
      if (size.width === 1280) await page.screenshot({ path: join(GUIDE, `${name}-${theme}.png`) })
    }
  }
  await page.setViewportSize({ width: 1280, height: 800 })
}

function scrollIntoView(what: Locator): Promise<void> {
  return what.evaluate((element) => {
    element.scrollIntoView({ block: 'start' })
  })
}

test.beforeAll(() => {
  mkdirSync(GUIDE, { recursive: true })
  mkdirSync(ALL_SCREENSHOTS, { recursive: true })
})

test('the welcome screen', async ({ openWorld }) => {
  const world = await openWorld([], { welcomed: false })
  const { page } = await world.start()
  await expect(page.getByRole('button', { name: 'Start' })).toBeVisible()
  await takeScreenshots(page, 'welcome')
})

test('an empty queue', async ({ openWorld }) => {
  const world = await openWorld([])
  const { page } = await world.start()
  await takeScreenshots(page, 'queue-empty')
  await goTo(page, 'Library')
  await takeScreenshots(page, 'library-empty')
})

test('Zotero and .bib files', async ({ openWorld }) => {
  const zotero = await startZotero('10.0.1')
  zotero.api = true
  const collections = ['Carbon in soils', 'Microplastics', 'Thesis, chapter 2', 'Reading group']
  zotero.collections.push(
    ...collections.map((name, at) => ({ id: `C${String(at)}`, key: `COLL000${String(at)}`, name }))
  )
  const works = READING_LIST.slice(0, 14)
  for (const [at, { key, title = key }] of works.entries()) {
    const data = { itemType: 'journalArticle', title, DOI: `10.5555/${key}` }
    const { key: parentItem } = zotero.add({ ...data, collections: [`COLL000${String(at % 4)}`] })
    if (at < 4) {
      const contentType = 'application/pdf'
      zotero.add(
        { itemType: 'attachment', parentItem, linkMode: 'imported_file', contentType },
        Buffer.from('%PDF-1.7')
      )
    }
  }
  zotero.add({ itemType: 'book', title: 'A handbook of fens', collections: ['COLL0003'] })
  const world = await openWorld(works, { settings: { 'zotero.url': zotero.origin } })
  const { app, page } = await world.start()
  await plan(page, [`10.5555/${works[5]?.key ?? ''}`, `10.5555/${works[6]?.key ?? ''}`])
  await expectFigure(page, 'done', 2)
  await goTo(page, 'Library')
  await page.getByRole('button', { name: 'Zotero and .bib files' }).click()
  const part = page.getByRole('region', { name: 'Zotero' })
  await expect(part.getByRole('row')).toHaveCount(6)
  await part.getByRole('button', { name: /^Give 2 items/ }).click()
  await expect(part.getByText('2 given a file.')).toBeVisible()
  const bib = join(world.libraryDir, '../thesis/references.bib')
  mkdirSync(dirname(bib))
  writeFileSync(
    bib,
    works
      .slice(5, 12)
      .map(({ key, title = key }) => `@article{${key}, title = {${title}}, doi = {10.5555/${key}}}\n`)
      .join('')
  )
  await app.evaluate(({ dialog }, chosen) => {
    dialog.showOpenDialog = () => Promise.resolve({ canceled: false, filePaths: [chosen] })
  }, bib)
  await page.getByRole('button', { name: 'Link a .bib file…' }).click()
  const files = page.getByRole('region', { name: 'Your .bib files' })
  await expect(files).toContainText('7 with a file', { timeout: 60_000 })
  await takeScreenshots(page, 'managers')
  await takeScreenshots(page, 'managers-bib', () => scrollIntoView(files))
  await zotero.close()
})

test('a reading list', async ({ openWorld }) => {
  test.setTimeout(900_000)
  const world = await openWorld(READING_LIST, { settings: { 'network.workers': 6 } })
  const url = world.world.fileUrl(INTERRUPTED.key)
  const hold = world.web.hold(url, KILLED_AT)
  const first = await world.start()
  const slow = new Set(SLOW.map((work) => work.key))
  const quick = READING_LIST.filter((work) => !slow.has(work.key))
  await plan(
    first.page,
    quick.map((work) => `10.5555/${work.key}`)
  )
  await expectFigure(first.page, 'need attention', 6, 120_000)
  await expectFigure(first.page, 'active', 1, 120_000)
  await hold.reached
  await first.page.waitForTimeout(1_500)
  await first.kill()
  hold.release()
  world.web.throttle(SLOW_BYTES_PER_SECOND, url)

  const { page } = await world.start()
  await expect(page.getByRole('status').filter({ hasText: /Interrupted at/ })).toBeVisible()
  for (const work of SLOW) world.web.throttle(SLOW_BYTES_PER_SECOND, world.world.fileUrl(work.key))
  await plan(
    page,
    SLOW.map((work) => `10.5555/${work.key}`)
  )
  await expectFigure(page, 'active', 4, 60_000)

  await goTo(page, 'Recover')
  await page.getByText('1 download resumed').first().click()
  await takeScreenshots(page, 'recover')
  await page
    .getByRole('status')
    .filter({ hasText: /Interrupted at/ })
    .getByRole('button', { name: 'Dismiss' })
    .click()

  await goTo(page, 'Queue')
  await openDrawer(page, INTERRUPTED.title ?? '')
  await takeScreenshots(page, 'queue')
  await page.getByRole('complementary').getByRole('button', { name: 'Close' }).click()
  await chip(page, 'Needs attention').click()
  await openDrawer(page, 'Membrane fouling')
  await takeScreenshots(page, 'attention')
  await page.getByRole('complementary').getByRole('button', { name: 'Close' }).click()
  await page.getByRole('button', { name: 'Open their pages one after another…' }).click()
  await expect(page.getByRole('heading', { name: 'Papers that need you' })).toBeVisible()
  await takeScreenshots(page, 'handoff')
  await page.getByRole('button', { name: 'Back to the queue' }).click()
  await chip(page, 'All').click()
  await expect(jobRow(page, 'Milky Way').first()).toBeVisible()

  await page.getByRole('button', { name: 'Add papers' }).first().click()
  const dialog = page.getByRole('dialog', { name: 'Add papers' })
  await dialog.getByRole('textbox', { name: 'References' }).fill(PASTED)
  await expect(dialog.getByRole('button', { name: /^Add \d+ papers$/ })).toBeEnabled()
  await takeScreenshots(page, 'add')
  await page.keyboard.press('Escape')
  await page.getByRole('button', { name: 'Close without adding' }).click()
  await expect(dialog).toBeHidden()

  await goTo(page, 'Library')
  await page.getByText('Grid', { exact: true }).click()
  const firstPages = page.getByRole('grid', { name: 'Papers' }).locator('img')
  await takeScreenshots(page, 'library', async () => {
    await expect.poll(() => firstPages.count(), { timeout: 60_000 }).toBeGreaterThan(5)
  })
  await page.getByText('Table', { exact: true }).click()
  await page.getByRole('searchbox').fill('carbon')
  await expect(
    page
      .getByRole('grid', { name: 'Papers' })
      .getByText(/Soil carbon/)
      .first()
  ).toBeVisible()
  await takeScreenshots(page, 'library-search')
  await page
    .getByRole('grid', { name: 'Papers' })
    .getByText(/Soil carbon/)
    .first()
    .dblclick()
  await expect(page.getByRole('region', { name: 'Reader' }).getByText(/^of \d+$/)).toBeVisible()
  await takeScreenshots(page, 'reader')
  await page.keyboard.press('Escape')

  await goTo(page, 'Insights')
  await takeScreenshots(page, 'insights')
  await takeScreenshots(page, 'insights-services', () =>
    scrollIntoView(page.getByRole('heading', { name: 'Services and hosts contacted' }))
  )
  await page.getByRole('button', { name: 'Retrieval report…' }).click()
  await expect(page.getByRole('heading', { name: 'PRISMA 2020 flow diagram' })).toBeVisible()
  await takeScreenshots(page, 'report')
  await goTo(page, 'Settings')
  for (const section of [
    'General',
    'Crash safety',
    'Sources',
    'Network',
    'Files',
    'Browser',
    'Notifications',
    'Advanced'
  ]) {
    await page.getByRole('tab', { name: section }).click()
    await takeScreenshots(
      page,
      section === 'Sources' ? 'settings' : `settings-${section.toLowerCase().replace(' ', '-')}`
    )
  }
  await page.getByRole('tab', { name: 'Sources' }).click()
  await takeScreenshots(page, 'settings-keys', () =>
    scrollIntoView(page.getByText('Keys of services').last())
  )
  await page.keyboard.press('Control+k')
  await expect(page.getByRole('dialog', { name: 'Command palette' })).toBeVisible()
  await page.keyboard.type('river')
  await takeScreenshots(page, 'palette')
})

test('before a paper is fetched: copies, prices, titles', async ({ openWorld }) => {
  const works = ['Slow rivers carry fine sediment', 'Quick rivers carry coarse sediment'].map(
    (title, at) => ({
      key: `river${String(at)}`,
      title,
      authors: ['Berger, Bo'],
      year: 2001 + 8 * at,
      copies: [{ via: 'openalex' as const, version: 'publishedVersion' as const, license: 'cc-by' }]
    })
  )
  const world = await openWorld([
    ...works,
    { key: 'preprint', arxiv: '2401.00021', doi: null, copies: [{ via: 'arxiv' }] },
    {
      key: 'paid',
      title: 'A copy that costs a cent',
      landing: 'none',
      copies: [{ via: 'openalex_content' }]
    },
    { key: 'closed', title: 'A paper without an open copy', copies: [] }
  ])
  const { page } = await world.start()
  await goTo(page, 'Settings')
  await page.getByRole('tab', { name: 'Sources' }).click()
  await page.getByRole('button', { name: 'Set the key for OpenAlex' }).click()
  await page.getByLabel('Key for OpenAlex').fill(GOOD_KEY)
  await page.getByRole('button', { name: 'Save' }).click()
  const budget = page.getByRole('textbox', { name: 'Paid copies' })
  await budget.fill('0.5')
  await budget.press('Enter')
  await takeScreenshots(page, 'settings-paid', () =>
    budget.evaluate((box) => {
      box.scrollIntoView({ block: 'center' })
    })
  )

  await goTo(page, 'Queue')
  const add = await paste(
    page,
    '10.5555/river0\narXiv:2401.00021\n10.5555/paid\n10.5555/closed\n10.5555/unknown.to.all'
  )
  await add.getByRole('button', { name: 'Find copies' }).click()
  await expect(add.getByText(/paid copy/)).toBeVisible()
  await takeScreenshots(page, 'add-copies')
  await page.keyboard.press('Escape')
  await page.getByRole('button', { name: 'Close without adding' }).click()
  const titles = await paste(
    page,
    `@article{a, title={Slow {Rivers} carry fine sediment}, author={Berger, B.}, year={2001}}
@article{b, title={Quick rivers carry coarse sediment}, author={Berger, B.}, year={2002}}
@misc{c, title={A title that is in no index}, author={Unknown, U.}, year={1999}}`
  )
  await expect(titles.getByRole('row').filter({ hasText: '10.5555/river1' })).toContainText('years differ')
  await takeScreenshots(page, 'add-titles')
})

test('the user’s own files, file names and citation styles', async ({ openWorld }) => {
  const world = await openWorld(
    ['Rivers that were never counted', 'Observations of the drifting sand at northern shores'].map(
      (title, at) => ({
        key: `own${String(at)}`,
        title,
        authors: ['Vale, Ada', 'Mirror, Boris'],
        year: 2019 + at,
        copies: at === 0 ? [{ via: 'unpaywall' as const }] : []
      })
    )
  )
  const { page } = await world.start()
  await plan(page, ['10.5555/own0'])
  await expectFigure(page, 'done', 1)

  const mine = join(world.dataDir, '..', 'mine')
  mkdirSync(mine)
  writeFileSync(
    join(mine, 'sand.pdf'),
    makePdf({
      title: 'Observations of the drifting sand at northern shores',
      authors: ['Ada Vale', 'Boris Mirror'],
      year: 2020,
      doi: '10.5555/own1'
    })
  )
  for (const name of ['notes from a field trip', 'lecture 4', 'scan0017'])
    writeFileSync(
      join(mine, `${name}.pdf`),
      makePdf({ title: `Pages called ${name}`, authors: ['Unnamed'], year: 2001, metadata: false })
    )
  await dropPaths(page, [mine])
  const imported = page.getByRole('table', { name: 'PDFs you have' })
  await expect(imported.getByRole('row').filter({ hasText: 'scan0017' })).toBeVisible({ timeout: 60_000 })
  await takeScreenshots(page, 'import')

  await goTo(page, 'Library')
  await page
    .getByRole('grid', { name: 'Papers' })
    .getByText('Rivers that were never counted')
    .first()
    .click({ button: 'right' })
  await page.getByRole('menuitem', { name: 'Cite in a style…' }).click()
  await expect(page.getByRole('dialog', { name: 'Cite this paper' }).getByLabel('Style')).toBeVisible()
  await takeScreenshots(page, 'cite')
  await page.keyboard.press('Escape')

  await goTo(page, 'Settings')
  await page.getByRole('tab', { name: 'Files' }).click()
  await page.getByRole('textbox', { name: 'Naming template' }).fill('{year}/{title}')
  await expect.poll(() => world.settingsFile()['files.nameTemplate']).toBe('{year}/{title}')
  await page.getByRole('button', { name: 'Rename existing files…' }).click()
  await expect(page.getByRole('dialog', { name: /^Rename \d papers\?$/ })).toBeVisible()
  await takeScreenshots(page, 'rename')
})

const PASTED = `Dear all, here is what we still need for chapter three:

10.5555/soil
https://doi.org/10.5555/tundra.2024
arXiv:2402.04567v2
PMID: 31452104
PMC6994032
[14] Haldane K, Ng S. Lake sediments as archives of fire. J Paleolimnol 2019; doi:10.5555/lakes.14
https://www.example.org/reports/groundwater-2023.pdf
W2741809807
10.5555/tundra.2024
978-0-19-853453-1
Smith et al., forthcoming (ask Joan for the manuscript)
@article{alps, title = {Alpine plants at the edge}, doi = {10.5555/alps.7}, year = 2021}
doi:10.5555/census
`
