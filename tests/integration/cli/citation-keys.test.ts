/** `export --citation-key` and its setting: from a reference file into the library and out again. */
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { SAMPLE_WORKS } from '../../../src/main/demo/sample-works'
import { makeCliWorld } from './cli-world'

test('works get keys by the pattern, and a key given by the user is kept', { timeout: 120_000 }, async () => {
  const world = await makeCliWorld()
  onTestFinished(() => world.end())
  const [one, two, three] = SAMPLE_WORKS.filter((work) => work.arxiv === undefined)
  if (one === undefined || two === undefined || three === undefined) throw new Error('Too few sample works.')
  const ris = join(world.folder, 'none.ris')
  writeFileSync(
    ris,
    [one, two]
      .map(
        (w) =>
          `TY  - JOUR\r\nAU  - O’Våle, Ada\r\nTI  - ${w.text.title}\r\nPY  - 2020\r\nDO  - ${w.doi}\r\nER  - \r\n`
      )
      .join('')
  )
  const bib = join(world.folder, 'own.bib')
  writeFileSync(
    bib,
    `@article{oVALE2020, author={O’Våle, Ada}, title={${three.text.title}}, year={2020}, doi={${three.doi}}}`
  )
  await world.sheaf(['run', '--from', ris, '--from', bib, '--enable-idempotency', '--quiet'])

  const keysOf = (text: string): Record<string, string> =>
    Object.fromEntries(
      [...text.matchAll(/@\w+\{([^,]+),[^@]*?doi = \{([^}]+)\}/g)].map(([, key = '', doi = '']) => [doi, key])
    )
  const exported = await world.sheaf(['export', '--format', 'bibtex', '--citation-key', '[auth:lower][year]'])
  expect(exported.status).toBe(0)
  const keys = keysOf(exported.stdout)
  expect(keys).toEqual({ [one.doi]: 'ovale2020a', [two.doi]: 'ovale2020b', [three.doi]: 'oVALE2020' })

  await world.sheaf(['settings', 'set', 'export.citationKey', '[auth:lower][year]'])
  expect(keysOf((await world.sheaf(['export', '--format', 'bibtex'])).stdout)).toEqual(keys)
  const csl = JSON.parse((await world.sheaf(['export', '--format', 'csl-json'])).stdout) as {
    'citation-key': string
    DOI: string
  }[]
  expect(Object.fromEntries(csl.map((item) => [item.DOI, item['citation-key']]))).toEqual(keys)
  const records = (await world.sheaf(['export', '--format', 'ris'])).stdout
  expect([...records.matchAll(/^ID {2}- (\S+)/gm)].map(([, key]) => key).sort()).toEqual(
    Object.values(keys).sort()
  )

  // After export and import into another library, a key made by a pattern counts as the entry's own.
  const file = join(world.folder, 'out.bib')
  await world.sheaf(['export', '--format', 'bibtex', '--output', file])
  expect(keysOf(readFileSync(file, 'utf8'))).toEqual(keys)
  const other = await makeCliWorld()
  onTestFinished(() => other.end())
  await other.sheaf(['run', '--from', file, '--enable-idempotency', '--quiet'])
  const again = await other.sheaf(['export', '--format', 'bibtex', '--citation-key', '[title]'])
  expect(keysOf(again.stdout)).toEqual(keys)

  const refused = await world.sheaf(['export', '--format', 'bibtex', '--citation-key', '[author]'])
  expect(refused.status).toBe(2)
  expect(refused.stderr).toContain('--citation-key has no word [author]; allowed are [auth]')
})
