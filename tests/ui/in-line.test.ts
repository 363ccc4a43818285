/** Facts in one line: what is written from right to left stays apart from what stands beside it. */
import { expect, it } from 'vitest'
import { authors, inLine } from '../../src/renderer/text/figures'

const FSI = '\u2068'
const PDI = '\u2069'

it('leaves what is written from left to right as it is', () => {
  expect(inLine([authors(['Lovelace, Ada', 'Émile Zola']), null, '', 1843, '10.1/a'])).toBe(
    'Lovelace, Zola · 1843 · 10.1/a'
  )
})

it('sets every name from right to left apart, and the whole of them', () => {
  expect(authors(['الخوارزمي, محمد', 'כהן, דוד', 'Ada Lovelace'])).toBe(
    `${FSI}الخوارزمي${PDI}, ${FSI}כהן${PDI}, Lovelace`
  )
  expect(inLine(['كتاب', '10.1/a'])).toBe(`${FSI}كتاب${PDI} · 10.1/a`)
})
