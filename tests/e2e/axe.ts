/** What a person with other eyes or hands would stumble over, asked of the screen as it stands. */
import { AxeBuilder } from '@axe-core/playwright'
import type { Page } from 'playwright'
import { expect } from '../kit/app'

export const THEMES = ['light', 'dark'] as const

export async function expectNoViolation(page: Page, what: string): Promise<void> {
  // Legacy: the other mode opens a page of its own, which an app does not let anybody do.
  const { violations } = await new AxeBuilder({ page }).setLegacyMode(true).analyze()
  const said = violations.map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.html).join(' | ')}`)
  expect.soft(said, what).toEqual([])
}

/** For states that a walk through the screens does not meet. */
export async function expectNoViolationInEitherTheme(page: Page, what: string): Promise<void> {
  for (const theme of THEMES) {
    await page.emulateMedia({ colorScheme: theme })
    await expectNoViolation(page, `${what}, ${theme}`)
  }
}
