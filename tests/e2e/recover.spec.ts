/** Another program changed the library folder: one file is missing, one is damaged, one is unknown. */
import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test, type AppWorld } from '../kit/app'
import { expectNoViolationInEitherTheme } from './axe'
import { expectFigure, goTo, jobRow, plan } from './screens'

test('a check of every file restores the missing one, quarantines the damaged one and leaves the unknown one', async ({
  openWorld
}) => {
  const world = await openWorld(
    ['missing', 'damaged', 'whole'].map((key) => ({
      key,
      title: `A paper that is ${key}`,
      copies: [{ via: 'unpaywall' as const }]
    }))
  )
  const { page } = await world.start()
  await plan(page, ['10.5555/missing', '10.5555/damaged', '10.5555/whole'])
  await expectFigure(page, 'done', 3)
  await goTo(page, 'Recover')
  await page.getByRole('button', { name: 'Check now' }).click()
  await expect(page.getByText('You asked for it').first()).toBeVisible()
  await expect(page.getByText('Every file in the library folder is known.')).toBeVisible()

  for (const path of placesOf(world, world.world.pdf('missing'))) rmSync(path, { force: true })
  for (const path of placesOf(world, world.world.pdf('damaged'))) writeFileSync(path, 'spoilt')
  writeFileSync(join(world.libraryDir, 'papers', 'nobody knows this.pdf'), 'a stranger')

  await page.getByRole('button', { name: 'Verify every file' }).click()
  const check = page.getByRole('group').filter({ hasText: 'Every file verified' }).first()
  await expect(check).toContainText(/queued again/)
  await expect(check).toContainText('1 damaged file moved to quarantine')
  await expect(check).toContainText('1 unknown file')

  // The damaged file is in the quarantine, the unknown one was not touched, both are named.
  const quarantine = page.getByRole('region', { name: 'Quarantine' })
  await expect(quarantine.getByRole('listitem').filter({ hasText: 'A paper that is damaged' })).toBeVisible()
  const unknown = page.getByRole('region', { name: 'Unknown files' })
  await expect(unknown.getByText('papers/nobody knows this.pdf')).toBeVisible()
  expect(readFileSync(join(world.libraryDir, 'papers', 'nobody knows this.pdf'), 'utf8')).toBe('a stranger')
  await check.locator('summary').click()
  await expect(check.getByRole('button', { name: 'A paper that is missing' }).first()).toBeVisible()
  await expectNoViolationInEitherTheme(page, 'what a check found')

  // Both papers are downloaded again automatically, and every object matches its hash.
  await goTo(page, 'Queue')
  await expectFigure(page, 'done', 3)
  await expect(jobRow(page, 'A paper that is missing')).toBeVisible()
  for (const [path, hash] of await world.objects()) expect(path).toContain(hash)
  expect((await world.objects()).size).toBe(3)

  await goTo(page, 'Recover')
  await quarantine.getByRole('button', { name: 'Discard' }).click()
  await expect(quarantine.getByText('No file is waiting for your decision.')).toBeVisible()
})

/** The object and the readable name: one file under two names, or two files. */
function placesOf(world: AppWorld, bytes: Buffer): string[] {
  const folders = [
    join(world.libraryDir, 'papers'),
    ...readdirSync(join(world.libraryDir, 'objects')).map((shard) => join(world.libraryDir, 'objects', shard))
  ]
  return folders
    .flatMap((folder) => readdirSync(folder).map((name) => join(folder, name)))
    .filter((path) => readFileSync(path).equals(bytes))
}
