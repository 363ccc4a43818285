/** On a page of each platform the paper's own file is proposed first, and none where there is none. */
import { describe, expect, test } from 'vitest'
import { findPdfLinks } from '../../../src/main/sources/landing/find-pdf-links'
import { urlKey } from '../../../src/main/sources/web-text'
import { PLATFORM_PAGES } from '../../kit/platform-pages'

describe('the file that comes first', () => {
  test.each(PLATFORM_PAGES.map((page) => [page.name, page] as const))('%s', (_, page) => {
    const found = findPdfLinks(page.html, { url: page.url }).links.filter((link) => link.format === 'pdf')
    const right = [page.right ?? [], page.also ?? []].flat().map(urlKey)
    if (page.right === null) expect(found).toEqual([])
    else expect(right).toContain(urlKey(found[0]?.url ?? 'https://none.invalid/'))
  })
})
