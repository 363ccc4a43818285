/** Facts in one line: right-to-left text is isolated from the text beside it. */
import { expect, it } from 'vitest'
import { authors, inLine } from '../../src/renderer/text/figures'

const FSI = '\u2068'
const PDI = '\u2069'

it('leaves left-to-right text as it is', () => {
  expect(inLine([authors(['Lovelace, Ada', 'Émile Zola']), null, '', 1843, '10.1/a'])).toBe(
    'Lovelace, Zola · 1843 · 10.1/a'
  )
})

it('isolates every right-to-left name, and the whole list', () => {
  expect(authors(['الخوارزمي, محمد', 'כהן, דוד', 'Ada Lovelace'])).toBe(
    `${FSI}الخوارزمي${PDI}, ${FSI}כהן${PDI}, Lovelace`
  )
  expect(inLine(['كتاب', '10.1/a'])).toBe(`${FSI}كتاب${PDI} · 10.1/a`)
})
