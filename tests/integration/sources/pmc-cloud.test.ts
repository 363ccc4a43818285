/**
 * Papers that only PMC has: from the bucket's listing to the filed PDF, with the checksum verified during the
 * transfer. A body that is not the announced file is rejected with a reason; Europe PMC's rendering is used
 * instead.
 */
import { expect, onTestFinished, test } from 'vitest'
import { startWorld } from '../../web/scholarly'
import { openWorld } from '../../kit/sheaf-world'

const bucket = 'https://pmc-oa-opendata.s3.amazonaws.com'

test('a paper only in PMC is downloaded from the bucket, with its version, licence and checksum', async () => {
  const { web, world } = await startWorld([
    {
      key: 'pub',
      pmcid: 'PMC9100001',
      copies: [{ via: 'pmc', version: 'acceptedVersion', license: 'TDM' }, { via: 'pmc' }]
    }
  ])
  onTestFinished(() => web.close())
  const sheaf = await openWorld(web)
  await sheaf.run(['PMC9100001'])
  const [done] = sheaf.linesOf('done')
  expect(done).toMatchObject({ state: 'DEDUPED', source: 'pmc' })
  expect([...world.hashes('pub')]).toContain(done?.sha256)
  const provenance = sheaf.stored()[0]?.provenance
  expect(provenance).toMatchObject({
    url: `${bucket}/PMC9100001.2/PMC9100001.2.pdf`,
    version: 'publishedVersion',
    license: 'CC BY'
  })
  // Of PMC's own hosts only the id converter is contacted, once: the PMCID leads to the other identifiers.
  expect(web.requests.filter((one) => one.url.includes('ncbi.nlm.nih.gov')).map((one) => one.url)).toEqual([
    'https://pmc.ncbi.nlm.nih.gov/tools/idconv/api/v1/articles/?ids=PMC9100001&idtype=pmcid&format=json&tool=sheaf&email=reader%40example.org'
  ])
}, 30_000)

test('a body that is not the announced file is rejected, and Europe PMC’s rendering is used', async () => {
  const { web, world } = await startWorld([
    {
      key: 'stale',
      pmcid: 'PMC9100002',
      copies: [{ via: 'pmc', of: 'other' }, { via: 'europe_pmc' }]
    },
    { key: 'other', copies: [] }
  ])
  onTestFinished(() => web.close())
  // The bucket announces one file's MD5 and sends another file's bytes.
  web.addSite((asked) =>
    asked.url.endsWith('/metadata/PMC9100002.1.json')
      ? (exchange) =>
          exchange.answer(
            200,
            { 'Content-Type': 'application/json' },
            JSON.stringify({
              pmcid: 'PMC9100002',
              version: 1,
              title: world.work('stale').title,
              pdf_url: `s3://pmc-oa-opendata/PMC9100002.1/PMC9100002.1.pdf?md5=${'0'.repeat(32)}`
            })
          )
      : null
  )
  const sheaf = await openWorld(web)
  await sheaf.run(['PMC9100002'])
  expect(sheaf.linesOf('attempt').map((line) => line.reason)).toContain('CHECKSUM_MISMATCH')
  const [done] = sheaf.linesOf('done')
  expect(done?.state).toBe('DEDUPED')
  expect([...world.hashes('stale')]).toContain(done?.sha256)
}, 30_000)
