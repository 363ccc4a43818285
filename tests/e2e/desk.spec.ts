/**
 * Sheaf and other programs: a second start, the command line working in the same folder, files opened with
 * Sheaf, links, and notifications.
 */
import { spawn } from 'node:child_process'
import { existsSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from '../kit/app'
import { CLI } from '../kit/run-cli'
import { expectNoViolationInEitherTheme } from './axe'
import { expectFigure, plan } from './screens'

test('a second start hands its .bib file over to the first instance and exits', async ({ openWorld }) => {
  const world = await openWorld([
    { key: 'handed', title: 'A paper handed over', copies: [{ via: 'unpaywall' }] }
  ])
  const { app, page } = await world.start()
  const file = join(world.dataDir, 'reading list.bib')
  writeFileSync(file, '@article{handed, title = {A paper handed over}, doi = {10.5555/handed}, year = 2001}')
  expect(await world.startAgain([file])).toBe(0)
  const dialog = page.getByRole('dialog', { name: 'Add papers' })
  await expect(dialog).toContainText('reading list.bib')
  await dialog.getByRole('button', { name: 'Add 1 paper', exact: true }).click()
  await expectFigure(page, 'done', 1)
  expect(await app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows().length)).toBe(1)
})

test('a file given at the start is read immediately', async ({ openWorld }) => {
  const world = await openWorld([])
  const file = join(world.dataDir, 'started.ris')
  writeFileSync(file, 'TY  - JOUR\nTI  - Started with it\nDO  - 10.5555/started\nER  - \n')
  const { page } = await world.start({ args: [file] })
  await expect(page.getByRole('dialog', { name: 'Add papers' })).toContainText('started.ris')
})

test('while the command line holds the ledger, the window says so, and opens when it is released', async ({
  openWorld
}) => {
  const world = await openWorld([
    { key: 'busy', title: 'A paper that the command line fetches', copies: [{ via: 'unpaywall' }] }
  ])
  const held = world.web.hold(world.world.fileUrl('busy'), 0)
  const run = ['run', '--doi', '10.5555/busy', '--data-dir', world.dataDir, '--out', world.libraryDir]
  const line = spawn(process.execPath, [CLI, ...run], { stdio: 'ignore' })
  const hasEnded = new Promise((resolve) => line.once('exit', resolve))
  try {
    await expect.poll(() => existsSync(join(world.dataDir, 'lock'))).toBe(true)
    const { page } = await world.start()
    await expect(page.getByRole('heading')).toContainText(`in use by pid ${String(line.pid)}`)
    const again = page.getByRole('button', { name: 'Try again' })
    await again.click()
    await expect(page.getByRole('heading')).toContainText('in use')
    await expectNoViolationInEitherTheme(page, 'the ledger is in use')
    held.release()
    await hasEnded
    await again.click()
    await expectFigure(page, 'done', 1)
  } finally {
    line.kill()
  }
})

test('the end of a run is notified once, when the window is not focused', async ({ openWorld }) => {
  const world = await openWorld([
    { key: 'one', copies: [{ via: 'unpaywall' }] },
    { key: 'lost', copies: [] }
  ])
  const { app, page } = await world.start()
  await app.evaluate(({ BrowserWindow, Notification }) => {
    const notifications: string[] = []
    Object.assign(globalThis, { notifications })
    Notification.prototype.show = function show(this: { title: string; body: string }): void {
      notifications.push(`${this.title} ${this.body}`)
    }
    BrowserWindow.getAllWindows()[0]?.blur()
  })
  await plan(page, ['10.5555/one', '10.5555/lost'])
  await expectFigure(page, 'done', 1)
  await expectFigure(page, 'need attention', 1)
  const notifications = (): Promise<string[]> =>
    app.evaluate(() => (globalThis as unknown as { notifications: string[] }).notifications)
  await expect.poll(async () => (await notifications()).length).toBe(1)
  expect((await notifications())[0]).toMatch(/1/)
})

test('only web addresses open, and in the system’s browser', async ({ openWorld }) => {
  const world = await openWorld([{ key: 'linked', title: 'A linked paper', copies: [] }])
  const { app, page } = await world.start()
  await app.evaluate(({ shell }) => {
    const opened: string[] = []
    Object.assign(globalThis, { opened })
    shell.openExternal = (url) => {
      opened.push(url)
      return Promise.resolve()
    }
  })
  const answer = await page.evaluate(async () => {
    const { sheaf } = window as unknown as {
      sheaf: { app: { openLink(input: { url: string }): Promise<{ ok: boolean }> } }
    }
    const urls = ['https://example.org/paper', 'file:///etc/passwd', 'javascript:alert(1)', 'smb://host/x']
    return Promise.all(urls.map(async (url) => (await sheaf.app.openLink({ url })).ok))
  })
  expect(answer).toEqual([true, false, false, false])
  const opened = await app.evaluate(() => (globalThis as unknown as { opened: string[] }).opened)
  expect(opened).toEqual(['https://example.org/paper'])
})
