/** Texts found by fuzzing on which a reader took minutes or never ended. */
import { expect, test } from 'vitest'
import { isSheafError } from '../../../src/contract/errors'
import { TEXT_READERS } from '../../kit/text-readers'

/** Milliseconds of processor time, which a busy machine does not change. */
function cost(name: string, text: string): number {
  const reader = TEXT_READERS[name]
  if (reader === undefined) throw new Error(`no reader is named ${name}`)
  const before = process.cpuUsage()
  try {
    reader.read(text)
  } catch {
    // A refusal is a valid answer.
  }
  const { user, system } = process.cpuUsage(before)
  return (user + system) / 1000
}

test.each([
  ['article in XML', `<?xml version="1.0"?>${'<!DOCTYPE x ['.repeat(40)}<article>`],
  ['pasted text', `${'2001.00001'.repeat(15_000)} Doe, J. (2020). A title of a paper.`],
  ['RIS', `TY  - JOUR\nTI  - a\n${'stream\n'.repeat(57_000)}`],
  ['NBIB', `PMID- 1\nTI  - a\n${'      stream\n'.repeat(40_000)}`],
  ['saved page of references', `<p>${'<< /Length 9 >>'.repeat(20_000)}`],
  ['lines of JSON', 'f\nxre\n'.repeat(60_000)],
  ['YAML', `- [${' !!js/x'.repeat(12_000)}`],
  ['YAML', `references:\n- id: a\n  author:\n  - ${'{'.repeat(2_000)}`],
  ['YAML', `- ${'- '.repeat(2_000)}`],
  ['fallback plan', `tiers: [${':<![CDATA['.repeat(15_000)}`]
])('%s', (name, text) => {
  expect(cost(name, text)).toBeLessThan(4_000)
})

test.each([
  ['YAML', `references:\n- id: a\n  title: ${'a: '.repeat(50_000)}`],
  ['YAML', `- a${'}'.repeat(100_000)}`],
  ['YAML', Array.from({ length: 3_000 }, (_, depth) => `${' '.repeat(depth)}a:\n`).join('')],
  ['fallback plan', `tiers: ${'a: '.repeat(10_000)}`],
  ['fallback plan', `tiers: a${'}'.repeat(30_000)}`]
])('%s: endless nesting is refused with a named error', (name, text) => {
  try {
    expect(cost(name, text)).toBeLessThan(2_000)
    TEXT_READERS[name]?.read(text)
  } catch (error) {
    if (!isSheafError(error)) throw error
  }
})
