/**
 * A student drops a folder of 200 PDFs: at least 95 % are recognised correctly, and none is filed under
 * another paper without a question. Unsure matches are confirmed; then a bibliography is copied in two
 * styles.
 */
import { createHash } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from '../kit/app'
import { makeStudentFolder, STUDENT_FILES } from '../kit/student-folder'
import { dropPaths } from './drop-file'
import { goTo } from './screens'

const hashOf = (path: string): string => createHash('sha256').update(readFileSync(path)).digest('hex')

test('200 PDFs of a student become a citable library', async ({ openWorld }, testInfo) => {
  test.setTimeout(300_000)
  const mine = testInfo.outputPath('mine')
  const { truth, works, realFiles } = makeStudentFolder(mine)
  expect(truth.size).toBe(STUDENT_FILES)
  const files = readdirSync(mine, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => ({ name: entry.name, sha256: hashOf(join(entry.parentPath, entry.name)) }))
  const world = await openWorld(works)
  const { app, page } = await world.start()
  await dropPaths(page, [mine])
  const shown = page.getByRole('group', { name: 'Show' })
  await expect(page.getByRole('status').filter({ hasText: /PDFs filed/ })).toBeVisible({ timeout: 200_000 })

  /** what was filed so far, by the hash of the file */
  const filed = (): Map<string, string> =>
    new Map(
      readFileSync(join(world.libraryDir, 'manifest.jsonl'), 'utf8')
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line) as { sha256: string; doi: string | null; work_id: string })
        .map(({ sha256, doi, work_id }) => [sha256, doi ?? work_id])
    )
  const unasked = filed()
  const wrong = files.filter(
    ({ name, sha256 }) => unasked.has(sha256) && unasked.get(sha256) !== truth.get(name)
  )
  expect(wrong, 'filed under another paper without a question').toEqual([])

  // Correct proposals are confirmed, as a user would; the others are left.
  await shown.getByRole('button', { name: /^To confirm/ }).click()
  const table = page.getByRole('table', { name: 'PDFs you have' })
  const asked = await table.getByRole('row').all()
  const right: string[] = []
  for (const row of asked) {
    const name = (await row.getByRole('rowheader').textContent())?.trim() ?? ''
    const doi = truth.get(name) ?? null
    if (doi !== null && (await row.textContent())?.includes(doi) === true) right.push(name)
  }
  const before = unasked.size
  for (const name of right)
    await table
      .getByRole('row')
      .filter({ hasText: name })
      .getByRole('button', { name: /^Yes, file it/ })
      .click()
  await expect(shown.getByRole('button', { name: `Filed ${String(before + right.length)}` })).toBeVisible({
    timeout: 60_000
  })

  const now = filed()
  const recognised = files.filter(({ name, sha256 }) => (now.get(sha256) ?? null) === truth.get(name)).length
  console.log(
    `${String(STUDENT_FILES)} PDFs (${String(realFiles)} real files of other programs): ${String(unasked.size)} filed unasked, ${String(asked.length)} asked about, ${String(right.length)} of those confirmed, ${String(recognised)} right, ${String(wrong.length)} wrong`
  )
  expect(recognised / STUDENT_FILES).toBeGreaterThanOrEqual(0.95)

  // Files that were not recognised are identified by hand.
  const unnamed = files.filter(({ name, sha256 }) => truth.get(name) !== null && !now.has(sha256))
  for (const { name } of unnamed) {
    const row = table.getByRole('row').filter({ has: page.getByRole('rowheader', { name, exact: true }) })
    await row.getByRole('button', { name: /^Another paper/ }).click()
    const field = row.getByRole('textbox')
    await field.fill(truth.get(name) ?? '')
    await field.press('Enter')
    await expect(row).toBeHidden({ timeout: 30_000 })
  }
  const all = filed()
  expect(all.size).toBe(STUDENT_FILES - realFiles)

  await goTo(page, 'Library')
  await page.getByRole('grid', { name: 'Papers' }).getByRole('row').nth(1).click()
  await page.keyboard.press('ControlOrMeta+a')
  const copied = (): Promise<string> => app.evaluate(({ clipboard }) => clipboard.readText())
  for (const [style, says] of [
    [
      'apa',
      'Kharitonova, T. (2011). Destructive Evolution of Postmeliorated Landscapes of Central Meschera. Journal of Fixtures. https://doi.org/10.2478/v10285-012-0042-z'
    ],
    [
      'vancouver',
      'Kharitonova T. Destructive Evolution of Postmeliorated Landscapes of Central Meschera. Journal of Fixtures. 2011'
    ]
  ] as const) {
    await page.getByRole('button', { name: 'Cite…' }).click()
    const dialog = page.getByRole('dialog', { name: /^Cite/ })
    await dialog.getByLabel('Style').selectOption(style)
    await dialog.getByRole('button', { name: 'Copy bibliography' }).click()
    await expect(dialog).toBeHidden({ timeout: 30_000 })
    await expect.poll(async () => (await copied()).replace(/\s+/g, ' ').includes(says)).toBe(true)
    const entries = (await copied()).trim().split('\n')
    expect(entries).toHaveLength(all.size)
  }
})
