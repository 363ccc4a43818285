/** `sheaf cite`: the library in a citation style, by selector, in two forms, with a custom style. */
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { SAMPLE_WORKS } from '../../../src/main/demo/sample-works'
import { repositoryRoot } from '../../kit/shared'
import { makeCliWorld } from './cli-world'

test(
  'papers are cited in a style, and papers that are not in the library are reported',
  { timeout: 120_000 },
  async () => {
    const world = await makeCliWorld()
    onTestFinished(() => world.end())
    const [one, two] = SAMPLE_WORKS.filter((work) => work.arxiv === undefined)
    if (one === undefined || two === undefined) throw new Error('The sample library needs two such works.')
    const bib = join(world.folder, 'own.bib')
    writeFileSync(
      bib,
      `@article{k, author={${one.text.authors[0] ?? ''}}, title={${one.text.title}}, year={${String(one.text.year)}}, doi={${one.doi}}}`
    )
    await world.sheaf(['run', '--from', bib, '--enable-idempotency', '--quiet'])
    const cited = await world.sheaf(['cite', '--style', 'ieee'])
    expect(cited.status).toBe(0)
    expect(cited.stdout).toMatch(/^\[1\]/)
    expect(cited.stdout).toContain(one.text.title.slice(0, 12))

    const own = join(world.folder, 'own.csl')
    writeFileSync(own, readFileSync(join(repositoryRoot, 'src/main/works/cite/styles/nature.csl')))
    const page = join(world.folder, 'list.html')
    const saved = await world.sheaf([
      'cite',
      '--doi',
      one.doi,
      '--doi',
      '10.5555/absent',
      '--style',
      own,
      '--format',
      'html',
      '--output',
      page,
      '--json'
    ])
    expect(saved.status).toBe(3)
    expect(saved.lines).toMatchObject([
      { type: 'cited' },
      { type: 'not_here', work_id: 'doi:10.5555/absent' },
      { type: 'summary', cited: 1, not_here: 1 }
    ])
    expect(readFileSync(page, 'utf8')).toContain('csl-entry')
    const refused = await world.sheaf(['cite', '--style', 'apa6'])
    expect(refused.status).toBe(2)
    expect(refused.stderr).toContain('vancouver')
  }
)
