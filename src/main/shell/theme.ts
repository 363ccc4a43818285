/** The window's background before the page has drawn: `--surface` of the page's tokens. Pure. */

export const GROUNDS = { light: '#fbfaf8', dark: '#17181a' } as const

export function groundFor(isDark: boolean): string {
  return isDark ? GROUNDS.dark : GROUNDS.light
}
