/** Hostile files, such as long runs of one character, are read quickly in every format. */
import { describe, expect, it } from 'vitest'
import { findIdentifiers, recognise, type ReferenceFormat } from '../../../src/main/works/works'
import { read } from './references-kit'

const LENGTH = 50_000
const runs = [
  ' ',
  '\t',
  ')',
  '(',
  '{',
  '}',
  '"',
  '[',
  '.',
  '-',
  '/',
  '%',
  '@',
  '\\',
  '<1:',
  'a/-',
  '10.1000/',
  'PMID',
  '@a{',
  '@comment{',
  '{"a":',
  '[{',
  ' and ',
  '=,',
  '\n@x{a,',
  '$^',
  "\\'"
]
const formats: [ReferenceFormat, (run: string) => string][] = [
  ['bibtex', (run) => `@article{a, author = {${run}}, doi = {10.1000/a${run}`],
  ['bibtex', (run) => `@article{${run}`],
  ['ris', (run) => `TY  - JOUR\nAU  - ${run}\nDO  - 10.1000/a${run}`],
  ['nbib', (run) => `PMID- ${run}\nAID - 10.1000/a${run}x`],
  ['csl-json', (run) => `[{"DOI":"10.1000/a","title":"${run}"},${run}`],
  ['jsonl', (run) => `{"DOI":"${run}\n${run}`],
  ['csv', (run) => `doi,title,authors\n10.1000/a${run},${run},${run}`],
  ['text', (run) => `PMID ${run}x\n10.1000/a${run}\nhttps://x.org/${run}`]
]

describe('long runs', () => {
  it.each(runs)('of %j are read quickly', (unit) => {
    const run = unit.repeat(LENGTH / unit.length)
    const before = process.cpuUsage()
    for (const [format, text] of formats) read(text(run), 'x', format)
    recognise(`10.1000/${run}`)
    findIdentifiers(`${run}\n10.1000/a${run}`)
    const { user, system } = process.cpuUsage(before)
    expect((user + system) / 1e6).toBeLessThan(5)
  })
})
