/** What a person with other eyes or hands would stumble over, asked of the screen as it stands. */
import axe from 'axe-core'
import type { Page } from 'playwright'
import { expect } from '../kit/app'

export const THEMES = ['light', 'dark'] as const

/**
 * The themes differ in colours alone: no component asks which one is shown, only the style sheet does.
 * So these rules are asked again in the second theme, and the others, which look at the tree, once.
 */
const ABOUT_COLOURS = ['color-contrast', 'link-in-text-block']

/**
 * axe's half megabyte goes to a page once, not at every look as by its builder for Playwright, whose
 * looks took ten times as long. The app's pages have no frames, which the builder is for.
 */
export async function expectNoViolation(
  page: Page,
  what: string,
  rules: 'all' | 'about-colours' = 'all'
): Promise<void> {
  if (!(await page.evaluate(() => 'axe' in window))) await page.evaluate(axe.source)
  const only = rules === 'all' ? {} : { runOnly: ABOUT_COLOURS }
  const said = await page.evaluate(async (options) => {
    // A colour that is still on its way to another is none of the design's; what turns for ever has no end.
    const onTheirWay = document
      .getAnimations()
      .filter((one) => Number.isFinite(one.effect?.getComputedTiming().endTime))
    await Promise.allSettled(onTheirWay.map((one) => one.finished))
    const { violations } = await window.axe.run(document, options)
    return violations.map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.html).join(' | ')}`)
  }, only)
  expect.soft(said, what).toEqual([])
}

/** The same screen in one theme and then in the other; it stays open, only its colours change. */
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
