/** A paper and a selection are cited in a style, copied to the clipboard. */
import { expect, test } from '../kit/app'
import { expectNoViolationInEitherTheme } from './axe'
import { expectFigure, goTo, plan } from './screens'

test('a bibliography and a citation are copied in the style that was chosen, which is remembered', async ({
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
})
