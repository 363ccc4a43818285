/** Links nested in one another around a long text: the text is not gathered once for each of them. */
import { expect, test } from 'vitest'
import { findPdfLinks } from '../../../src/main/sources/landing/find-pdf-links'

const NESTED = 230
const OPENED = '<a class=pdf href="/records/1/files/1.pdf"><object>'

/** Microseconds of processor time, the least of three. */
function cost(html: string): number {
  const once = (): number => {
    const before = process.cpuUsage()
    findPdfLinks(html, { url: 'https://zenodo.org/records/1' })
    return process.cpuUsage(before).user
  }
  return Math.min(once(), once(), once())
}

test('cost a page no more than some times what they cost one after another', () => {
  const text = ' x'.repeat(100_000)
  const nested = cost(OPENED.repeat(NESTED) + text)
  const flat = cost(`${OPENED}</object></a>`.repeat(NESTED) + text)
  expect(nested / flat).toBeLessThan(6)
})
