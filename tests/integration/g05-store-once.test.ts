/**
 * G5: each content is stored once. A second work with the same bytes ends as SKIPPED_DUPLICATE, linked to the
 * existing object; a second identifier of one work never leads to a second paper.
 */
import { chmod, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { onTestFinished, describe, expect, test } from 'vitest'
import { SheafError } from '../../src/contract/errors'
import { startWorld, type World } from '../web/scholarly'
import type { Web } from '../web/web'
import type { WorldWork } from '../web/works'
import { draft, openWorld, type SheafWorld } from '../kit/sheaf-world'

async function start(works: readonly WorldWork[]): Promise<{ web: Web; world: World; sheaf: SheafWorld }> {
  const { web, world } = await startWorld(works)
  onTestFinished(() => web.close())
  return { web, world, sheaf: await openWorld(web) }
}

const states = (sheaf: SheafWorld): unknown[] =>
  sheaf.sheaf
    .jobs({})
    .map((job) => job['state'])
    .sort()

async function manifestIds(sheaf: SheafWorld): Promise<string[]> {
  const text = await readFile(join(sheaf.libraryDir, 'manifest.jsonl'), 'utf8')
  const ids = text
    .trim()
    .split('\n')
    .map((line) => /"artifact_id":"([^"]+)"/.exec(line)?.[1] ?? line)
  return ids.sort()
}

/** Two records of one paper, as from a repository and a publisher: the same title, different DOIs. */
const sameBytes: readonly WorldWork[] = [
  {
    key: 'alpha',
    title: 'On the keeping of one thing in two places',
    authors: ['Abbott, Mara'],
    year: 2011,
    copies: [{ via: 'unpaywall' }]
  },
  {
    key: 'beta',
    title: 'On the keeping of one thing in two places',
    authors: ['Abbott, Mara'],
    year: 2011,
    // Its file contains its own DOI only where `alpha`'s file does: here the bytes decide.
    copies: [{ via: 'unpaywall', of: 'alpha' }]
  }
]

describe('the same bytes for two works', () => {
  test('with different years: the second record creates no second file under another name', async () => {
    const [alpha, beta] = sameBytes
    const { sheaf } = await start([alpha!, { ...beta!, year: 2012 }])
    expect(await sheaf.run(['10.5555/alpha'])).toMatchObject({ done: 1 })
    const second = await sheaf.run(['10.5555/beta'])
    expect(second, JSON.stringify(second.by_reason)).toMatchObject({ duplicates: 1, failed: 0 })
    expect(await sheaf.papers()).toHaveLength(1)
    const job = sheaf.sheaf.jobs({}).find((one) => one['work_id'] === 'doi:10.5555/beta')
    // No file is stored for it: it is linked to the existing one.
    expect(sheaf.sheaf.ops(String(job!['job_id'])).map((op) => op['op_type'])).not.toContain('FINALIZE')
  })

  test('an object that was deleted is restored once, and nothing goes to the quarantine', async () => {
    const { sheaf } = await start(sameBytes)
    await sheaf.run(['10.5555/alpha'])
    await sheaf.run(['10.5555/beta'])
    const [path] = [...(await sheaf.objects()).keys()]
    await rm(join(sheaf.libraryDir, path!))
    for (const verifyHashes of [false, true]) {
      const found = await sheaf.sheaf.reconcile({ verifyHashes, why: 'test' }, new AbortController().signal)
      expect(found).toMatchObject({ quarantined: 0, requeued: 0 })
      expect([...(await sheaf.objects()).keys()]).toEqual([path])
      expect(await sheaf.sheaf.quarantineList()).toEqual([])
    }
  })

  test('in sequence: one object, and the second work is linked to it', async () => {
    const { sheaf } = await start(sameBytes)
    expect(await sheaf.run(['10.5555/alpha'])).toMatchObject({ done: 1, duplicates: 0 })
    const second = await sheaf.run(['10.5555/beta'])
    expect(second, JSON.stringify(second.by_reason)).toMatchObject({ done: 0, duplicates: 1, failed: 0 })
    expect(states(sheaf)).toEqual(['DEDUPED', 'SKIPPED_DUPLICATE'])
    expect(await sheaf.objects()).toHaveProperty('size', 1)
    const [one, two] = [...sheaf.sheaf.library()]
    expect(two!.artifact.path).toBe(one!.artifact.path)
    expect(await manifestIds(sheaf)).toEqual(['doi:10.5555/alpha#pdf', 'doi:10.5555/beta#pdf'])
  })

  test('at the same time: still one object, one original, the other linked', async () => {
    const { web, world, sheaf } = await start(sameBytes)
    const holds = ['alpha', 'beta'].map((key) => web.hold(world.fileUrl(key), 39_000))
    const running = sheaf.run(['10.5555/alpha', '10.5555/beta'])
    await Promise.all(holds.map((hold) => hold.reached))
    for (const hold of holds) hold.release()
    expect(await running).toMatchObject({ done: 1, duplicates: 1, failed: 0 })
    expect(states(sheaf)).toEqual(['DEDUPED', 'SKIPPED_DUPLICATE'])
    expect(await sheaf.objects()).toHaveProperty('size', 1)
    const line = await sheaf.sheaf.reconcile(
      { verifyHashes: true, why: 'test' },
      new AbortController().signal
    )
    expect(line).toMatchObject({ relinked: 0, requeued: 0, unknown_files: 0, parts_removed: 0 })
  })

  test('stopped between its file and its row while the other is filed: it ends as the duplicate', async () => {
    const { web } = await startWorld(sameBytes)
    onTestFinished(() => web.close())
    const stop = new AbortController()
    const sheaf = await openWorld(web, {
      host: (host) => ({
        ...host,
        probe(name) {
          if (name !== 'FINALIZE: recorded' || stop.signal.aborted) return
          stop.abort(new SheafError('PAUSED', 'Stopped at this instant.'))
          throw stop.signal.reason
        }
      })
    })
    await sheaf.run(['10.5555/alpha'], stop.signal)
    expect(states(sheaf)).toEqual(['FINALIZED'])
    const jobIds = [String(sheaf.sheaf.jobs({})[0]!['job_id'])]
    expect(await sheaf.sheaf.pause({ jobIds })).toBe(1)
    expect(await sheaf.run(['10.5555/beta'])).toMatchObject({ done: 1, duplicates: 0 })
    await sheaf.sheaf.resume({ jobIds })
    expect(await sheaf.run()).toMatchObject({ done: 0, duplicates: 1, bytes_fetched: 0 })
    const ends = sheaf.sheaf.jobs({}).map((job) => [job['work_id'], job['state']])
    expect(Object.fromEntries(ends)).toEqual({
      'doi:10.5555/alpha': 'SKIPPED_DUPLICATE',
      'doi:10.5555/beta': 'DEDUPED'
    })
    expect(await sheaf.objects()).toHaveProperty('size', 1)
    expect(await manifestIds(sheaf)).toEqual(['doi:10.5555/alpha#pdf', 'doi:10.5555/beta#pdf'])
    const line = await sheaf.sheaf.reconcile(
      { verifyHashes: true, why: 'test' },
      new AbortController().signal
    )
    expect(line).toMatchObject({ relinked: 0, requeued: 0, unknown_files: 0 })
  })

  test('removing the original leaves the file to the other work', async () => {
    const { sheaf } = await start(sameBytes)
    await sheaf.run(['10.5555/alpha'])
    await sheaf.run(['10.5555/beta'])
    await sheaf.sheaf.remove('doi:10.5555/alpha')
    expect(await sheaf.objects()).toHaveProperty('size', 1)
    const [left] = [...sheaf.sheaf.library()]
    expect(left!.workId).toBe('doi:10.5555/beta')
    expect((await readFile(left!.file)).length).toBe(left!.artifact.bytes)
  })
})

describe('the same file at the same URL', () => {
  const address = 'https://shared.example/paper.pdf'
  const shared: readonly WorldWork[] = [
    { ...sameBytes[0]!, copies: [{ via: 'unpaywall', url: address }] },
    { ...sameBytes[1]!, copies: [{ via: 'unpaywall', url: address, of: 'alpha' }] }
  ]

  test('is linked without fetching when the validator is the same', async () => {
    const { web, sheaf } = await start(shared)
    await sheaf.run(['10.5555/alpha'])
    web.forget()
    const sent = web.bytesSent(address)
    expect(await sheaf.run(['10.5555/beta'])).toMatchObject({ duplicates: 1, bytes_fetched: 0 })
    expect(web.requestsFor(address, 'GET')).toEqual([])
    expect(web.bytesSent(address)).toBe(sent)
    expect(await sheaf.objects()).toHaveProperty('size', 1)
  })

  test('is fetched when the validator differs, because the file may have changed', async () => {
    const { web, world, sheaf } = await start([
      { ...sameBytes[0]!, copies: [{ via: 'unpaywall', url: address }] },
      { ...sameBytes[1]!, copies: [{ via: 'unpaywall', url: address, of: 'alpha' }] }
    ])
    await sheaf.run(['10.5555/alpha'])
    web.addSite((asked) => {
      const inner = asked.url === address ? world.site(asked) : null
      if (inner === null) return null
      return async (exchange) => {
        const head = exchange.head.bind(exchange)
        exchange.head = (status, headers) => {
          head(status, { ...headers, ETag: '"another"', 'Last-Modified': 'Wed, 03 Jan 2024 00:00:00 GMT' })
        }
        await inner(exchange)
      }
    })
    web.forget()
    expect(await sheaf.run(['10.5555/beta'])).toMatchObject({ duplicates: 1 })
    expect(web.requestsFor(address, 'GET').length).toBeGreaterThan(0)
    expect(await sheaf.objects()).toHaveProperty('size', 1)
  })
})

describe('the bytes of one paper, also offered for another', () => {
  const address = 'https://shared.example/paper.pdf'
  const own = {
    title: 'Sediment transport in alpine rivers under snow',
    authors: ['Abbott, Mara'],
    year: 2011
  }
  const other = {
    title: 'Acoustic detection of leaks in buried mains',
    authors: ['Silva, Peter'],
    year: 2012
  }
  const misattributed = (url: string): readonly WorldWork[] => [
    { key: 'alpha', ...own, copies: [{ via: 'unpaywall', url: address }] },
    { key: 'gamma', ...other, copies: [{ via: 'unpaywall', url, of: 'alpha' }] }
  ]
  test.each([
    ['one address, the true paper first', address, ['10.5555/alpha', '10.5555/gamma']],
    ['one address, the other first', address, ['10.5555/gamma', '10.5555/alpha']],
    [
      'two addresses, the true paper first',
      'https://mirror.example/g.pdf',
      ['10.5555/alpha', '10.5555/gamma']
    ],
    ['two addresses, the other first', 'https://mirror.example/g.pdf', ['10.5555/gamma', '10.5555/alpha']]
  ])('%s: each work is checked on its own, and the bytes are stored once', async (_, url, order) => {
    const { sheaf } = await start(misattributed(url))
    for (const doi of order) await sheaf.run([doi])
    const ends = sheaf.sheaf.jobs({}).map((job) => [job['work_id'], job['state'], job['reason']])
    expect(ends.find(([id]) => id === 'doi:10.5555/alpha')).toMatchObject({ 1: 'DEDUPED' })
    expect(ends.find(([id]) => id === 'doi:10.5555/gamma')).toMatchObject({ 2: 'WRONG_PAPER' })
    expect(sheaf.stored().map((file) => [file?.workId, file?.verdict])).toEqual([
      ['doi:10.5555/alpha', 'match']
    ])
    expect(await sheaf.objects()).toHaveProperty('size', 1)
  })
})

describe('one work under two of its names', () => {
  const preprint: WorldWork = { key: 'alpha', arxiv: '2401.00021', copies: [{ via: 'arxiv' }] }
  const medical: WorldWork = {
    key: 'alpha',
    pmid: '31000002',
    pmcid: 'PMC7000002',
    copies: [{ via: 'europe_pmc' }]
  }

  test('a damaged file of the other identifier is not linked to: it is fetched again', async () => {
    const { sheaf, world } = await start([medical])
    const plan = { drafts: ['PMC7000002', '10.5555/alpha'].map(draft), formats: ['pdf'] as const }
    await sheaf.sheaf.plan(plan, new AbortController().signal)
    // One job waits for the other, which holds both identifiers; it is stopped before it continues.
    const stop = new AbortController()
    sheaf.sheaf.on((line) => {
      if (line.type === 'done') stop.abort(new SheafError('PAUSED', 'The test stops it.'))
    })
    await sheaf.sheaf.run({}, stop.signal)
    expect(states(sheaf).filter((state) => state === 'DEDUPED')).toHaveLength(1)
    const [filed] = [...sheaf.sheaf.library()]
    const bytes = await readFile(filed!.file)
    bytes[bytes.length >> 1]! ^= 1
    await chmod(filed!.file, 0o644)
    await writeFile(filed!.file, bytes)
    // Otherwise a reconcile would find it first.
    await sheaf.sheaf.run({ skipReconcile: true }, new AbortController().signal)
    expect(states(sheaf).filter((state) => state !== 'DEDUPED' && state !== 'SKIPPED_DUPLICATE')).toEqual([])
    for (const hash of (await sheaf.objects()).values()) expect(world.hashes('alpha')).toContain(hash)
  })

  test.each([
    ['an arXiv id and the DOI that arXiv states', preprint, ['arXiv:2401.00021', '10.5555/alpha']],
    ['a DOI and the arXiv id of its preprint', preprint, ['10.5555/alpha', 'arXiv:2401.00021']],
    ['a DOI and its PMID', medical, ['10.5555/alpha', 'pmid:31000002']],
    ['a PMCID and its DOI', medical, ['PMC7000002', '10.5555/alpha']]
  ])('%s, planned together, end as one paper', async (_, work, names) => {
    const { sheaf, world } = await start([work])
    const summary = await sheaf.run(names)
    expect(summary.failed, JSON.stringify(summary.by_reason)).toBe(0)
    expect(states(sheaf).filter((state) => state !== 'DEDUPED' && state !== 'SKIPPED_DUPLICATE')).toEqual([])
    expect(await sheaf.objects()).toHaveProperty('size', 1)
    expect(await sheaf.papers()).toHaveLength(1)
    for (const hash of (await sheaf.objects()).values()) expect(world.hashes('alpha')).toContain(hash)
    // From now on both identifiers lead to one work, whichever was planned first.
    const report = await sheaf.sheaf.plan(
      {
        drafts: names.map(draft),
        formats: ['pdf']
      },
      new AbortController().signal
    )
    expect(report.planned.filter((line) => !line.existing)).toEqual([])
    expect(new Set(report.planned.map((line) => line.work_id)).size).toBe(1)
  })
})
