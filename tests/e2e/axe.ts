/** Accessibility checks with axe on the current screen. */
import axe from 'axe-core'
import type { Page } from 'playwright'
import { expect } from '../kit/app'

export const THEMES = ['light', 'dark'] as const

/**
 * The themes differ only in colours: no component depends on the theme, only the style sheet does. The colour
 * rules run in both themes, the others, which check the tree, once.
 */
const COLOUR_RULES = ['color-contrast', 'link-in-text-block']

/**
 * axe (half a megabyte) is injected once per page. Its builder for Playwright injects it at every check,
 * which took ten times as long. The builder is for frames, and the app's pages have none.
 */
export async function expectNoViolation(
  page: Page,
  what: string,
  rules: 'all' | 'about-colours' = 'all'
): Promise<void> {
  if (!(await page.evaluate(() => 'axe' in window))) await page.evaluate(axe.source)
  const only = rules === 'all' ? {} : { runOnly: COLOUR_RULES }
  const violationTexts = await page.evaluate(async (options) => {
    // Wait for colour transitions to end; endless animations are excluded.
    const finiteAnimations = document
      .getAnimations()
      .filter((one) => Number.isFinite(one.effect?.getComputedTiming().endTime))
    await Promise.allSettled(finiteAnimations.map((one) => one.finished))
    const { violations } = await window.axe.run(document, options)
    return violations.map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.html).join(' | ')}`)
  }, only)
  expect.soft(violationTexts, what).toEqual([])
}

/** Checks the same screen in both themes. The screen stays open. */
export async function expectNoViolationInEitherTheme(page: Page, what: string): Promise<void> {
  const [first, second] = THEMES
  await page.emulateMedia({ colorScheme: first })
  await expectNoViolation(page, `${what}, ${first}`)
  await page.emulateMedia({ colorScheme: second })
  await expectNoViolation(page, `${what}, ${second}`, 'about-colours')
}

declare global {
  interface Window {
    readonly axe: typeof axe
  }
}
