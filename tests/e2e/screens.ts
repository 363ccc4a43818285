/**
 * The user's actions as short functions that find elements by the roles and names a screen reader announces.
 * Specs use only these and roles, so that everything a test can press is accessible.
 */
import type { Locator, Page } from 'playwright'
import { expect } from 'playwright/test'

export const SCREENS = ['Queue', 'Library', 'Recover', 'Insights', 'Settings'] as const
export type ScreenName = (typeof SCREENS)[number]

export function rail(page: Page): Locator {
  return page.getByRole('navigation', { name: 'Sheaf' })
}

export async function goTo(page: Page, screen: ScreenName): Promise<void> {
  const link = rail(page).getByRole('link', { name: screen })
  await link.click()
  await expect(link).toHaveAttribute('aria-current', 'page')
}

export function runBar(page: Page): Locator {
  return page.getByRole('banner', { name: 'Run' })
}

/** The state in the run bar: Running, Paused, Idle, … */
export function phase(page: Page): Locator {
  return runBar(page).getByRole('status').locator('b')
}

/** The number above `active`, `waiting`, `need attention` or `done`. */
export async function figure(
  page: Page,
  name: 'active' | 'waiting' | 'need attention' | 'done'
): Promise<number> {
  const text = await runBar(page)
    .getByRole('button', { name: new RegExp(`${name}$`) })
    .locator('b')
    .textContent()
  return Number((text ?? '').replaceAll(',', ''))
}

export async function expectFigure(
  page: Page,
  name: Parameters<typeof figure>[1],
  wanted: number,
  timeoutMs = 30_000
): Promise<void> {
  await expect.poll(() => figure(page, name), { timeout: timeoutMs, message: `papers ${name}` }).toBe(wanted)
}

export function jobs(page: Page): Locator {
  return page.getByRole('grid', { name: 'Papers in the queue' })
}

/** The row of a paper in the queue, found by a part of its title. */
export function jobRow(page: Page, title: string): Locator {
  return jobs(page).getByRole('row').filter({ hasText: title })
}

export function chip(page: Page, name: string): Locator {
  return page.getByRole('group', { name: 'Show' }).getByRole('button', { name: new RegExp(`^${name}\\b`) })
}

/** Pastes text into Add papers and waits until it was parsed. */
export async function paste(page: Page, text: string): Promise<Locator> {
  await page.getByRole('button', { name: 'Add papers' }).first().click()
  const dialog = page.getByRole('dialog', { name: 'Add papers' })
  await dialog.getByRole('textbox', { name: 'References' }).fill(text)
  await expect(dialog.getByRole('grid', { name: 'Preview' })).toBeVisible()
  return dialog
}

/** Pastes and plans; resolves when the dialog is closed. */
export async function plan(page: Page, identifiers: readonly string[]): Promise<void> {
  const dialog = await paste(page, identifiers.join('\n'))
  await dialog.getByRole('button', { name: /^Add \d[\d,]* papers?$/ }).click()
  await expect(dialog).toBeHidden()
}

/** Opens the drawer of a paper. */
export async function openDrawer(page: Page, title: string): Promise<Locator> {
  await jobRow(page, title).first().click()
  const drawer = page.getByRole('complementary')
  await expect(drawer.getByRole('heading', { level: 2 })).toContainText(title)
  return drawer
}
