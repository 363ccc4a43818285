/** Nested links around a long text: the text is not collected once for each of them. */
import { expect, test } from 'vitest'
import { findPdfLinks } from '../../../src/main/sources/landing/find-pdf-links'

const NESTED = 230
const OPENED = '<a class=pdf href="/records/1/files/1.pdf"><object>'

/** Microseconds of processor time, the minimum of three runs. */
function cost(html: string): number {
  const once = (): number => {
    const before = process.cpuUsage()
    findPdfLinks(html, { url: 'https://zenodo.org/records/1' })
    return process.cpuUsage(before).user
  }
  return Math.min(once(), once(), once())
}

test('nested links cost at most a few times what the same links cost in sequence', () => {
  const text = ' x'.repeat(100_000)
  const nested = cost(OPENED.repeat(NESTED) + text)
  const flat = cost(`${OPENED}</object></a>`.repeat(NESTED) + text)
  expect(nested / flat).toBeLessThan(6)
})
