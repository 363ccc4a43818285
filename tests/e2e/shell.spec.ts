/** Window behaviour: what is remembered, where the menu leads, how the app exits. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { ElectronApplication } from 'playwright'
import { expect, test } from '../kit/app'

/** Presses an entry of the application menu, by its label. */
function pressMenu(app: ElectronApplication, ...labels: readonly string[]): Promise<void> {
  return app.evaluate(({ Menu }, path) => {
    let items = Menu.getApplicationMenu()?.items ?? []
    for (const [at, label] of path.entries()) {
      const item = items.find((one) => one.label.replace('&', '') === label)
      if (item === undefined) throw new Error(`There is no ${label} in the menu.`)
      if (at === path.length - 1) (item.click as () => void)()
      else items = item.submenu?.items ?? []
    }
  }, labels)
}

test('the menu opens every screen and Add papers, and changes the theme', async ({ openWorld }) => {
  const world = await openWorld([])
  const { app, page } = await world.start()
  const rail = page.getByRole('navigation')
  for (const screen of ['Library', 'Recover', 'Insights', 'Settings', 'Queue']) {
    await pressMenu(app, 'View', screen)
    await expect(rail.locator('[aria-current="page"]')).toContainText(screen)
  }
  await pressMenu(app, 'File', 'Add Papers…')
  await expect(page.getByRole('dialog', { name: 'Add papers' })).toBeVisible()
  await pressMenu(app, 'View', 'Appearance', 'Dark')
  await expect.poll(() => app.evaluate(({ nativeTheme }) => nativeTheme.themeSource)).toBe('dark')
  await expect.poll(() => world.settingsFile()['general.theme']).toBe('dark')
})

test('the window reopens with its position and theme', async ({ openWorld }) => {
  const world = await openWorld([], { settings: { 'general.theme': 'dark' } })
  const first = await world.start()
  const bounds = { x: 60, y: 40, width: 980, height: 680 }
  await first.app.evaluate(({ BrowserWindow }, wanted) => {
    BrowserWindow.getAllWindows()[0]?.setBounds(wanted)
  }, bounds)
  await first.close()
  const remembered: unknown = JSON.parse(readFileSync(join(world.dataDir, 'window.json'), 'utf8'))
  expect(remembered).toEqual({ bounds, maximised: false, theme: 'dark' })
  const { app } = await world.start()
  expect(await app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.getBounds())).toEqual(
    bounds
  )
})

test('closing the window quits Sheaf, or hides it if the user prefers that', async ({ openWorld }) => {
  const hides = await openWorld([], { settings: { 'general.closeToTray': true } })
  const { app } = await hides.start()
  const close = (of: ElectronApplication): Promise<void> =>
    of.evaluate(({ BrowserWindow }) => {
      BrowserWindow.getAllWindows()[0]?.close()
    })
  // Hidden, or minimised where a tray icon may not be visible (Linux).
  const visible = (): Promise<boolean> =>
    app.evaluate(({ BrowserWindow }) => {
      const [window] = BrowserWindow.getAllWindows()
      return window?.isVisible() === true && !window.isMinimized()
    })
  await close(app)
  await expect.poll(visible).toBe(false)
  // A second start shows the window again where there is no icon to click on.
  expect(await hides.startAgain([])).toBe(0)
  await expect.poll(visible).toBe(true)

  const ends = await openWorld([])
  const other = await ends.start()
  const ended = new Promise((resolve) => other.app.process().once('exit', resolve))
  await close(other.app).catch(() => undefined)
  if (process.platform === 'darwin') {
    // On macOS an app keeps running without windows until the user quits it.
    expect(other.app.process().exitCode).toBeNull()
    await other.close()
  } else {
    expect(await ended).toBe(0)
  }
})
