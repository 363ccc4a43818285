import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { readArguments } from '../../../src/main/cli/arguments'
import { readSelectors, type Selection } from '../../../src/main/cli/selectors'
import { nodeFiles } from '../../../src/main/platform/node-files'
import { testClock } from '../../kit/test-host'

let folder = ''
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sheaf-selectors-'))
  await writeFile(join(folder, 'a.bib'), '@article{a, title={One}, doi={10.1000/one}}\n')
  await writeFile(join(folder, 'b.txt'), '10.1000/two\nnot an identifier at all\narXiv:2401.00001v2\n')
})
afterAll(async () => {
  await rm(folder, { recursive: true })
})

async function select(argv: readonly string[], standardInput = ''): Promise<Selection> {
  const read = readArguments(['plan', ...argv], '0')
  if (read.kind !== 'invocation' || read.request.command !== 'plan') throw new Error('not a plan')
  return readSelectors(read.request.selectors, {
    files: nodeFiles,
    clock: testClock(),
    signal: new AbortController().signal,
    readStandardInput: () => Promise.resolve(Buffer.from(standardInput)),
    machine: { platform: 'linux', home: folder, env: {} }
  })
}
const names = (selection: Selection): string[] =>
  selection.drafts.map(({ ids }) => ids.doi ?? ids.arxiv ?? ids.pmcid ?? ids.url ?? '?')

describe('selectors', () => {
  it('keep the order given, from options, files and standard input', async () => {
    const selection = await select(
      [
        '--pmcid',
        'PMC5815332',
        '--from',
        join(folder, 'a.bib'),
        '--doi',
        'https://doi.org/10.1000/ZERO',
        '--from',
        '-'
      ],
      '10.1000/stdin\n'
    )
    expect(names(selection)).toEqual(['PMC5815332', '10.1000/one', '10.1000/zero', '10.1000/stdin'])
    expect(selection.problems).toEqual([])
  })

  it('an arXiv version is kept, and the DataCite DOI of an arXiv paper stays a DOI', async () => {
    const selection = await select(['--arxiv', '2401.00001v3', '--doi', '10.48550/arXiv.2401.00002'])
    expect(selection.drafts[0]).toMatchObject({ ids: { arxiv: '2401.00001' }, arxivVersion: 'v3' })
    expect(selection.drafts[1]).toMatchObject({ ids: { arxiv: '2401.00002' } })
  })

  it('a line that cannot be understood is a problem with its place; the others are read', async () => {
    const selection = await select(['--from', join(folder, 'b.txt')])
    expect(names(selection)).toEqual(['10.1000/two', '2401.00001'])
    expect(selection.problems).toHaveLength(1)
    expect(selection.problems[0]?.message).toContain('b.txt, line 2')
  })

  it('a missing file or a folder is a problem; the others are read', async () => {
    const selection = await select([
      '--from',
      join(folder, 'none.bib'),
      '--from',
      folder,
      '--doi',
      '10.1000/x'
    ])
    expect(names(selection)).toEqual(['10.1000/x'])
    expect(selection.problems.map((problem) => problem.code)).toEqual(['FILE_NOT_FOUND', 'FILE_UNREADABLE'])
    expect(selection.problems[0]?.message).toContain(join(folder, 'none.bib'))
  })
})

describe('a mistyped identifier is a usage error', () => {
  it.each([
    ['--doi', 'ten.1000/x', 'a DOI such as'],
    ['--doi', 'PMC5815332', 'It names something else: pmcid'],
    ['--doi', '978-3-16-148410-0', 'ISBN'],
    ['--arxiv', 'cs/12', 'an arXiv id such as'],
    ['--pmcid', '10.1000/x', 'a PMC id such as'],
    ['--url', 'file:///etc/passwd', 'a web address'],
    ['--url', 'example', 'a web address']
  ])('%s %s', async (option, text, because) => {
    const refusal = select([option, text])
    await expect(refusal).rejects.toThrow(option)
    await expect(select([option, text])).rejects.toThrow(because)
    await expect(select([option, text])).rejects.toMatchObject({ code: 'BAD_OPTION' })
  })
})
