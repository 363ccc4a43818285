/** A Zotero library in the app: items without a file are downloaded, attached and sent, each once. */
import { expect, test } from '../kit/app'
import { startZotero } from '../kit/zotero-loopback'
import { expectNoViolationInEitherTheme } from './axe'
import { expectFigure, goTo, plan } from './screens'

test('items without a file are planned by collection, and downloaded papers are handed over once', async ({
  openWorld
}) => {
  const zotero = await startZotero('10.0.1')
  zotero.api = true
  zotero.collections.push({ id: 'C12', key: 'REVIEW01', name: 'My review' })
  const item = (key: string, collections: readonly string[], DOI = `10.5555/${key}`): string =>
    zotero.add({ itemType: 'journalArticle', title: `Salt marsh ${key}`, DOI, collections }).key
  const given = [item('marsh1', ['REVIEW01']), item('marsh2', ['REVIEW01'])]
  const outside = item('marsh3', [])
  item('nameless', ['REVIEW01'], '')
  const whole = item('marsh4', ['REVIEW01'])
  zotero.add(
    { itemType: 'attachment', parentItem: whole, linkMode: 'imported_file', contentType: 'application/pdf' },
    Buffer.from('%PDF-1.7 a file that Zotero has')
  )
  const world = await openWorld(
    ['marsh1', 'marsh2', 'marsh3', 'fen'].map((key) => ({
      key,
      title: `Salt marsh ${key}`,
      copies: [{ via: 'unpaywall' as const }]
    })),
    { settings: { 'zotero.url': zotero.origin } }
  )
  const { page } = await world.start()
  await goTo(page, 'Library')
  await page.getByRole('button', { name: 'Zotero and .bib files' }).click()
  const part = page.getByRole('region', { name: 'Zotero' })
  await expect(part).toContainText('Zotero 10.0.1 is running. Its library was read.')
  const row = part.getByRole('row', { name: /My review/ })
  await expect(row.getByRole('cell').nth(0)).toHaveText('4')
  await expect(row.getByRole('cell').nth(1)).toHaveText('3')
  await expect(row).toContainText('1 without an identifier')

  await part.getByRole('button', { name: /^Look at what is missing in .*My review/ }).click()
  const dialog = page.getByRole('dialog', { name: 'Add papers' })
  await expect(dialog.getByRole('button', { name: 'Add 2 papers' })).toBeVisible()
  await page.keyboard.press('Escape')
  await page.getByRole('button', { name: 'Close without adding' }).click()
  await expect(dialog).toBeHidden()

  await part.getByRole('button', { name: /^Get 2 missing papers of .*My review/ }).click()
  await expectFigure(page, 'done', 2)
  await part.getByRole('button', { name: 'Look again' }).click()
  await expect(row).toContainText('2 here in Sheaf')
  await expectNoViolationInEitherTheme(page, 'zotero')

  // The permission is used for one change first, then kept for all.
  zotero.confirm = 'once'
  await part.getByRole('button', { name: 'Give 2 items their files' }).click()
  await expect(part.getByText('2 given a file.')).toBeVisible()
  await expect(part).toContainText('Zotero allowed one change only')
  zotero.confirm = 'remember'
  for (const press of [1, 2]) {
    await part.getByRole('button', { name: 'Give items their files' }).click()
    await expect(part.getByText('2 there already.'), `press ${String(press)}`).toBeVisible()
  }
  for (const key of given) expect(zotero.filesOf(key)).toHaveLength(1)
  expect(zotero.filesOf(outside)).toEqual([])

  await plan(page, ['10.5555/fen'])
  await expectFigure(page, 'done', 3)
  for (const words of ['1 sent and 2 there already.', '3 there already.', '3 there already.']) {
    await part.getByRole('button', { name: 'Send all papers to Zotero' }).click()
    await expect(part.getByText(words)).toBeVisible()
  }
  const sent = zotero.papers().filter(({ data }) => data['DOI'] === '10.5555/fen')
  expect(sent).toHaveLength(1)
  expect(zotero.filesOf(sent[0]?.key ?? '')).toHaveLength(1)
  expect(zotero.papers()).toHaveLength(6)

  await zotero.close()
  await part.getByRole('button', { name: 'Look again' }).click()
  await expect(part).toContainText('Zotero is not running.')
  await expect(part.getByRole('button', { name: 'Send all papers to Zotero' })).toBeDisabled()
})
