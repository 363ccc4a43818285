/** A paper and a selection are cited in a style and copied to the clipboard. */
import { join } from 'node:path'
import { expect, test } from '../kit/app'
import { repositoryRoot } from '../kit/shared'
import { expectNoViolationInEitherTheme } from './axe'
import { dropPaths } from './drop-file'
import { expectFigure, goTo, plan } from './screens'

test('a bibliography and a citation are copied in the chosen style, which is remembered', async ({
  openWorld
}) => {
  const world = await openWorld([
    {
      key: 'cite1',
      title: 'Rivers that were never counted',
      authors: ['Vale, Ada'],
      year: 2021,
      copies: [{ via: 'unpaywall' }]
    }
  ])
  const { app, page } = await world.start()
  await plan(page, ['10.5555/cite1'])
  await expectFigure(page, 'done', 1)
  await goTo(page, 'Library')
  const copied = (): Promise<string> => app.evaluate(({ clipboard }) => clipboard.readText())
  const papers = page.getByRole('grid', { name: 'Papers' })
  const cite = async (): Promise<void> => {
    await papers.getByText('Rivers that were never counted').first().click({ button: 'right' })
    await page.getByRole('menuitem', { name: 'Cite in a style…' }).click()
  }
  await cite()
  const dialog = page.getByRole('dialog', { name: 'Cite this paper' })
  await dialog.getByLabel('Style').selectOption('vancouver')
  await expectNoViolationInEitherTheme(page, 'cite')
  await dialog.getByRole('button', { name: 'Copy bibliography' }).click()
  await expect(dialog).toBeHidden()
  await expect.poll(copied).toMatch(/^1\. Vale A\. Rivers that were never counted/)
  await cite()
  await expect(dialog.getByLabel('Style')).toHaveValue('vancouver')
  await dialog.getByLabel('Style').selectOption('apa')
  await dialog.getByRole('button', { name: 'Copy citation' }).click()
  await expect.poll(copied).toBe('(Vale, 2021)')

  // A user's own style: chosen in the dialog, dropped on the window, listed and removed in the settings.
  await cite()
  const csl = join(repositoryRoot, 'src/main/works/cite/styles')
  await dropPaths(page, [join(csl, 'nature.csl')])
  const toast = page.getByText('Nature was added to the styles.')
  await expect(toast).toBeVisible()
  const added = dialog.locator('optgroup[label="Your styles"] option')
  await expect(added).toHaveText('Nature')
  await dialog.getByLabel('Style').selectOption(await added.getAttribute('value'))
  await dialog.getByRole('button', { name: 'Copy bibliography' }).click()
  await expect.poll(copied).toMatch(/^1\.\s*Vale, A\. Rivers that were never counted/)
  await goTo(page, 'Settings')
  await page.getByRole('tab', { name: 'Files' }).click()
  const styles = page.getByRole('group', { name: 'Citation styles' })
  await styles.getByRole('button', { name: 'Remove Nature' }).click()
  await expect(styles.getByText('No style added')).toBeVisible()
  await page.getByRole('tab', { name: 'Advanced' }).click()
  await expect(page.getByText(/citeproc-js, © 2009–2019 Frank Bennett/)).toBeVisible()
  await expect(page.getByText(/CC BY-SA 3\.0/)).toBeVisible()
})
