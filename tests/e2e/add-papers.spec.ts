/**
 * Pasting thirty identifiers of all kinds: each is recognised, marked as known, or refused with its line and
 * a reason.
 */
import { expect, test } from '../kit/app'
import { plainWorks } from '../web/works'
import { dropFile } from './drop-file'
import { chip, expectFigure, paste, plan } from './screens'

const MIXED = [
  // Ten plain DOIs, in common spellings.
  '10.5555/w1',
  'doi:10.5555/w2',
  'DOI: 10.5555/W3',
  'https://doi.org/10.5555/w4',
  'http://dx.doi.org/10.5555/w5',
  '10.5555/w6.',
  'Abbott, M. and Eriksen, J. (2012). The slow drift of rivers. https://doi.org/10.5555/w7',
  '10.5555/w8',
  '10.5555/w9',
  '10.5555/w10',
  // arXiv, PubMed, PubMed Central, OpenAlex.
  'arXiv:2401.00021',
  'https://arxiv.org/abs/2401.00022v2',
  '2401.00023',
  'hep-th/9901001',
  'PMID: 39000001',
  'https://pubmed.ncbi.nlm.nih.gov/39000002/',
  'PMC9000001',
  'https://www.ncbi.nlm.nih.gov/pmc/articles/PMC9000002/',
  'W4900000001',
  'https://openalex.org/W4900000002',
  // Web addresses.
  'https://www.publisher-w30.example/article/w30',
  'https://repository.example/papers/31.pdf',
  // Already known: one above, one planned, one in the library.
  '10.5555/w1',
  '10.5555/planned',
  '10.5555/shelved',
  // Lines without an identifier.
  'ISBN 978-3-16-148410-0',
  'see also the notes of the last meeting',
  '10.5555',
  'PMID: none',
  'https://'
]

test('thirty mixed identifiers are previewed, classified and planned', async ({ openWorld }) => {
  expect(MIXED).toHaveLength(30)
  const world = await openWorld([
    ...plainWorks(10),
    { key: 'shelved', title: 'On shelves', copies: [{ via: 'unpaywall' }] },
    { key: 'planned', copies: [] }
  ])
  const { page } = await world.start()
  await plan(page, ['10.5555/shelved', '10.5555/planned'])
  await expectFigure(page, 'done', 1)
  await expectFigure(page, 'need attention', 1)

  const dialog = await paste(page, MIXED.join('\n'))
  const kinds = dialog.getByRole('group', { name: 'Show' })
  await expect(kinds.getByRole('button', { name: 'In library 1' })).toBeVisible()
  await expect(kinds.getByRole('button', { name: 'In queue 1' })).toBeVisible()
  await expect(kinds.getByRole('button', { name: 'Not understood 5' })).toBeVisible()
  await expect(kinds.getByRole('button', { name: 'New 22' })).toBeVisible()
  await expect(dialog.getByText('1 duplicate')).toBeVisible()

  // Lines that were not recognised are shown with their number and the reason.
  await kinds.getByRole('button', { name: 'Not understood 5' }).click()
  const rows = dialog.getByRole('grid', { name: 'Preview' }).getByRole('row')
  const isbn = rows.filter({ hasText: 'ISBN 978-3-16-148410-0' })
  await expect(isbn).toContainText('line 26')
  await expect(isbn).toContainText('is an ISBN, which names a whole book')
  await expect(rows.filter({ hasText: 'the last meeting' })).toContainText('line 27')

  // Nothing is planned before the button is pressed, and an excluded row is not planned.
  await kinds.getByRole('button', { name: 'New 22' }).click()
  await rows.filter({ hasText: '10.5555/w10' }).getByRole('checkbox').uncheck()
  await expect(dialog.getByText('1 left out')).toBeVisible()
  await dialog.getByRole('button', { name: 'Add 21 papers' }).click()
  await expect(dialog).toBeHidden()
  await expect(chip(page, 'All')).toHaveAccessibleName('All 23')
})

test('a dropped .bib file is read, and a search by topic finds papers', async ({ openWorld }) => {
  const world = await openWorld(plainWorks(3))
  const { page } = await world.start()
  const bib = ['w1', 'w2'].map(
    (key) =>
      `@article{${key}, title = {A title of ${key}}, author = {Abbott, Mara}, year = 2012, doi = {10.5555/${key}}}`
  )
  await dropFile(page.locator('body'), 'refs.bib', 'text/plain', Buffer.from(bib.join('\n')))
  const dialog = page.getByRole('dialog', { name: 'Add papers' })
  await expect(dialog.getByText('refs.bib').first()).toBeVisible()
  await expect(dialog.getByRole('row').filter({ hasText: 'A title of w2' })).toContainText('10.5555/w2')
  await dialog.getByRole('button', { name: 'Add 2 papers' }).click()
  await expectFigure(page, 'done', 2)

  await page.getByRole('button', { name: 'Add papers' }).first().click()
  await dialog.getByText('Search OpenAlex').click()
  await dialog.getByRole('textbox', { name: 'Topic' }).fill('fixtures')
  await dialog.getByRole('button', { name: 'Search', exact: true }).click()
  await expect(
    dialog.getByRole('group', { name: 'Show' }).getByRole('button', { name: 'In library 2' })
  ).toBeVisible()
  await dialog.getByRole('button', { name: 'Add 1 paper', exact: true }).click()
  await expectFigure(page, 'done', 3)
})

test('before papers are added, each shows its expected source', async ({ openWorld }) => {
  const world = await openWorld([
    {
      key: 'open',
      title: 'The slow drift of rivers in northern valleys',
      copies: [{ via: 'openalex', version: 'publishedVersion', license: 'cc-by' }]
    },
    { key: 'preprint', arxiv: '2401.00021', doi: null, copies: [{ via: 'arxiv' }] },
    { key: 'closed', title: 'A paper without an open copy', copies: [] }
  ])
  const { page } = await world.start()
  const dialog = await paste(page, '10.5555/open\narXiv:2401.00021\n10.5555/closed')
  await dialog.getByRole('button', { name: 'Find copies' }).click()
  await expect(dialog.getByText(/OpenAlex · Published version · CC BY · free · /)).toBeVisible()
  await expect(dialog.getByText(/arXiv · .*arxiv\.org/)).toBeVisible()
  await expect(dialog.getByText('No open copy known')).toBeVisible()
  // A reference that had only an identifier now has its title.
  await expect(dialog.getByText('The slow drift of rivers in northern valleys')).toBeVisible()
  await expect(dialog.getByText(/2 of 3 with an open copy · about .* · free/)).toBeVisible()
  await expect(dialog.getByRole('button', { name: 'Find copies' })).toBeHidden()
  await expect(dialog.getByRole('button', { name: 'Add 3 papers' })).toBeEnabled()
})
