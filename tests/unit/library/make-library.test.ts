/** The library's operations: finishing, naming, listing, quarantine, and a crash between any two steps (G3, G5). */
import { createHash } from 'node:crypto'
import {
  existsSync,
  linkSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  rmSync,
  statSync,
  writeFileSync
} from 'node:fs'
import { join } from 'node:path'
import { describe, expect, onTestFinished, test } from 'vitest'
import { SETTINGS, type Settings } from '../../../src/contract/settings'
import type { ArtifactRow } from '../../../src/contract/work'
import type { Library } from '../../../src/main/library/library'
import { makeLibrary } from '../../../src/main/library/make-library'
import type { Files } from '../../../src/main/platform/files'
import type { Host } from '../../../src/main/platform/host'
import { nodeFiles } from '../../../src/main/platform/node-files'
import { makePdf } from '../../kit/make-pdf'
import { tempFolder } from '../../kit/temp-folder'
import { testHost } from '../../kit/test-host'
import { changedHandle } from '../../kit/changed-handle'

class Died extends Error {}

const settings = Object.fromEntries(
  Object.entries(SETTINGS).map(([key, { default: value }]) => [key, value])
) as Settings

async function open(root: string, options: { dieAt?: string; files?: Files } = {}): Promise<Library> {
  const host: Host = {
    ...testHost(options.files === undefined ? {} : { files: options.files }),
    probe: (name) => {
      if (name === options.dieAt) throw new Died(name)
    }
  }
  const library = makeLibrary(host, settings, root)
  await library.prepare()
  onTestFinished(() => {
    library.close()
  })
  return library
}

const sha = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex')
const naming = (title = 'The state of OA', workId = 'W1') => ({
  ids: { doi: '10.7717/peerj.4375' },
  facts: { title, authors: ['Heather Piwowar'], year: 2018 },
  workId
})
const pdf = (title = 'The state of OA'): Uint8Array =>
  makePdf({ title, authors: ['Heather Piwowar'], year: 2018 })

async function stage(library: Library, jobId: string, bytes: Uint8Array) {
  const part = await library.staging.begin(jobId, {
    url: 'https://a.example/x.pdf',
    validator: {},
    totalBytes: bytes.length
  })
  await part.write(bytes)
  const whole = await part.finish()
  await part.close()
  return { jobId, ...whole, format: 'pdf' as const }
}

function artifact(path: string, paperPath: string, bytes: Uint8Array, id = 'W1#pdf'): ArtifactRow {
  return {
    artifactId: id,
    workId: id.split('#')[0] ?? '',
    jobId: 'job1',
    format: 'pdf',
    sha256: sha(bytes),
    bytes: bytes.length,
    path,
    paperPath,
    finalizedAt: 1_700_000_000,
    verdict: 'match',
    provenance: {
      source: 'unpaywall',
      tier: 'direct_oa',
      version: null,
      license: 'cc-by',
      evidence: 'e',
      url: 'https://a.example/x.pdf',
      finalUrl: 'https://a.example/x.pdf',
      foundOn: null,
      chain: [],
      headers: {},
      checks: [],
      verdict: 'match',
      verdictBecause: 'b',
      pages: 2,
      encrypted: false,
      fetchedAt: 1
    }
  }
}

describe('finishing', () => {
  test('an object under its hash and a paper under its name are one file on disk', async () => {
    const root = tempFolder('library')
    const library = await open(root)
    const part = await stage(library, 'job1', pdf())
    const done = await library.finalize(part, naming())
    expect(done).toEqual({
      path: `objects/${part.sha256.slice(0, 2)}/${part.sha256}.pdf`,
      paperPath: 'papers/Piwowar 2018 – The state of OA.pdf',
      adopted: false
    })
    expect(statSync(join(root, done.path)).ino).toBe(statSync(join(root, done.paperPath)).ino)
    expect(readdirSync(join(root, '.sheaf/staging'))).toEqual([])
    expect(await library.objects.check(done.path, part, { hash: true })).toBe('ok')
    expect((await library.files.list()).map((file) => file.path).sort()).toEqual(
      [done.path, done.paperPath].sort()
    )
  })

  test.each(['FINALIZE: object renamed', 'FINALIZE: paper linked', 'FINALIZE: sidecar removed'])(
    'defect 23: a death at “%s” is gone on from, and nothing is there twice',
    async (dieAt) => {
      const root = tempFolder('library')
      const part = await stage(await open(root), 'job1', pdf())
      await expect((await open(root, { dieAt })).finalize(part, naming())).rejects.toThrow(Died)
      const done = await (await open(root)).finalize(part, naming())
      expect(done.adopted).toBe(true)
      expect(done.paperPath).toBe('papers/Piwowar 2018 – The state of OA.pdf')
      expect(readdirSync(join(root, 'papers'))).toHaveLength(1)
      expect(readdirSync(join(root, '.sheaf/staging'))).toEqual([])
    }
  )

  test("defect 20, 24: another work with the same name gets a number, and a user's file is never replaced", async () => {
    const root = tempFolder('library')
    const library = await open(root)
    writeFileSync(join(root, 'papers/PIWOWAR 2018 – The State of OA.pdf'), 'mine')
    const one = await library.finalize(await stage(library, 'job1', pdf('A')), naming())
    const two = await library.finalize(
      await stage(library, 'job2', pdf('B')),
      naming('The state of OA', 'W2')
    )
    expect([one.paperPath, two.paperPath]).toEqual([
      'papers/Piwowar 2018 – The state of OA (2).pdf',
      'papers/Piwowar 2018 – The state of OA (3).pdf'
    ])
    expect(readFileSync(join(root, 'papers/PIWOWAR 2018 – The State of OA.pdf'), 'utf8')).toBe('mine')
    writeFileSync(join(root, 'papers/Piwowar 2018 – New.pdf'), 'put there meanwhile')
    const three = await library.finalize(await stage(library, 'job3', pdf('C')), naming('New', 'W3'))
    expect(three.paperPath).toBe('papers/Piwowar 2018 – New (2).pdf')
  })

  test('concurrent papers with one name each get their own', async () => {
    const root = tempFolder('library')
    const library = await open(root)
    const parts = await Promise.all(
      Array.from({ length: 8 }, (_, n) => stage(library, `job${String(n)}`, pdf(`Paper ${String(n)}`)))
    )
    const done = await Promise.all(parts.map((part) => library.finalize(part, naming())))
    expect(new Set(done.map((one) => one.paperPath)).size).toBe(8)
    for (const [n, one] of done.entries())
      expect(sha(readFileSync(join(root, one.paperPath)))).toBe(parts[n]?.sha256)
  })

  test('G5: the same bytes are stored once, and the same name is used again', async () => {
    const root = tempFolder('library')
    const library = await open(root)
    const first = await library.finalize(await stage(library, 'job1', pdf()), naming())
    const again = await library.finalize(await stage(library, 'job2', pdf()), naming())
    expect(again).toEqual({ ...first, adopted: true })
    expect(await library.papers.link(first.path, { ...naming('Another title'), format: 'pdf' })).toBe(
      'papers/Piwowar 2018 – Another title.pdf'
    )
    expect((await library.files.list()).filter((file) => file.path.startsWith('objects/'))).toHaveLength(1)
  })

  test('defect 21: another disk between staging and objects, or a disk without links, costs a copy', async () => {
    const refuse = (code: string): Promise<never> => Promise.reject(Object.assign(new Error(code), { code }))
    const root = tempFolder('library')
    const files: Files = {
      ...nodeFiles,
      move: (from, to) => (to.includes('/objects/') ? refuse('EXDEV') : nodeFiles.move(from, to)),
      linkUnsynced: () => refuse('EPERM')
    }
    const library = await open(root, { files })
    const part = await stage(library, 'job1', pdf())
    const done = await library.finalize(part, naming())
    expect(await library.objects.check(done.path, part, { hash: true })).toBe('ok')
    expect(await library.objects.check(done.paperPath, part, { hash: true })).toBe('ok')
    expect(readdirSync(join(root, '.sheaf/staging'))).toEqual([])
    expect((await library.finalize(part, naming())).paperPath).toBe(done.paperPath)
  })

  test('neither part nor object is an error, not a silent success', async () => {
    const library = await open(tempFolder('library'))
    const part = { jobId: 'job1', sha256: 'ab'.repeat(32), bytes: 5, format: 'pdf' as const }
    await expect(library.finalize(part, naming())).rejects.toMatchObject({ code: 'BROKEN_INVARIANT' })
  })
})

describe('checking', () => {
  test('missing, of another size, of other bytes', async () => {
    const root = tempFolder('library')
    const library = await open(root)
    const part = await stage(library, 'job1', pdf())
    const { path } = await library.finalize(part, naming())
    const check = (hash: boolean) => library.objects.check(path, part, { hash })
    const bytes = readFileSync(join(root, path))
    bytes[100] = 0
    writeFileSync(join(root, path), bytes)
    expect([await check(false), await check(true)]).toEqual(['ok', 'damaged'])
    writeFileSync(join(root, path), 'short')
    expect(await check(false)).toBe('damaged')
    rmSync(join(root, path))
    expect(await check(true)).toBe('missing')
  })
  test('a missing object is restored from its paper', async () => {
    const root = tempFolder('library')
    const library = await open(root)
    const part = await stage(library, 'job1', pdf())
    const done = await library.finalize(part, naming())
    rmSync(join(root, `objects/${part.sha256.slice(0, 2)}`), { recursive: true })
    await library.objects.restore(done.paperPath, done.path)
    expect(await library.objects.check(done.path, part, { hash: true })).toBe('ok')
  })
})

describe('the manifest', () => {
  const lines = (root: string): string[] =>
    readFileSync(join(root, 'manifest.jsonl'), 'utf8')
      .split('\n')
      .filter((line) => line !== '')
  const entry = (n: number) => ({
    artifact: artifact(
      `objects/${sha(pdf(String(n))).slice(0, 2)}/${sha(pdf(String(n)))}.pdf`,
      `papers/${String(n)}.pdf`,
      pdf(String(n)),
      `W${String(n)}#pdf`
    ),
    ids: { doi: `10.1/${String(n)}` },
    facts: { title: `Title ${String(n)}`, year: 2018 }
  })

  test('one line for each work, however often it is added', async () => {
    const root = tempFolder('library')
    const library = await open(root)
    await library.manifest.append(entry(1))
    await library.manifest.append(entry(1))
    await (await open(root)).manifest.append(entry(1))
    expect(lines(root)).toHaveLength(1)
    expect(JSON.parse(lines(root)[0] ?? '')).toMatchObject({
      work_id: 'W1',
      artifact_id: 'W1#pdf',
      doi: '10.1/1',
      title: 'Title 1',
      path: `objects/${sha(pdf('1')).slice(0, 2)}/${sha(pdf('1'))}.pdf`,
      paper: 'papers/1.pdf',
      source: 'unpaywall',
      license: 'cc-by',
      verdict: 'match',
      finalized_at: 1_700_000_000
    })
  })
  test('concurrent entries share their syncs', async () => {
    let syncs = 0
    const files: Files = {
      ...nodeFiles,
      async open(path, mode) {
        const handle = await nodeFiles.open(path, mode)
        return changedHandle(handle, {
          sync: () => {
            syncs += 1
            return handle.sync()
          }
        })
      }
    }
    const root = tempFolder('library')
    const library = await open(root, { files })
    await Promise.all(Array.from({ length: 40 }, (_, n) => library.manifest.append(entry(n))))
    expect(lines(root)).toHaveLength(40)
    expect(syncs).toBeLessThan(10)
  })
  test('a torn last line is removed, a line of another program stays', async () => {
    const root = tempFolder('library')
    await (await open(root)).manifest.append(entry(1))
    writeFileSync(
      join(root, 'manifest.jsonl'),
      Buffer.concat([
        readFileSync(join(root, 'manifest.jsonl')),
        Buffer.from([0xff, 0xfe]),
        Buffer.from('a note of mine\n{"artifact_id":"W2#p')
      ])
    )
    await (await open(root)).manifest.append(entry(2))
    expect(lines(root)).toHaveLength(3)
    expect(lines(root)[1]).toContain('a note of mine')
    expect(JSON.parse(lines(root)[2] ?? '')).toMatchObject({ artifact_id: 'W2#pdf' })
  })
  test('it is not read for a new paper while the ledger knows its lines, and is when they may be others', async () => {
    const root = tempFolder('library')
    await (await open(root)).manifest.append(entry(1))
    let reads = 0
    const files: Files = {
      ...nodeFiles,
      readWhole: (path, each) => {
        if (path.endsWith('manifest.jsonl')) reads += 1
        return nodeFiles.readWhole(path, each)
      }
    }
    const library = await open(root, { files })
    const mark = await library.manifest.mark()
    library.manifest.recordedIn({
      isComplete: (given) => given === mark,
      isArtifact: (artifactId) => artifactId === 'W1#pdf'
    })
    await library.manifest.append(entry(2))
    await library.manifest.append(entry(3))
    expect(reads).toBe(0)
    expect(await library.manifest.ownChange()).toMatchObject({ from: mark, listed: { size: 2 } })
    // Each of these may have a line: this process wrote one, the ledger knows one.
    await library.manifest.append(entry(3))
    await library.manifest.append(entry(1))
    expect(reads).toBe(1)
    expect(lines(root)).toHaveLength(3)
    // Another program appended: its line is found.
    const other = await open(root, { files })
    other.manifest.recordedIn({ isComplete: () => false, isArtifact: () => false })
    await (await open(root)).manifest.append(entry(4))
    await other.manifest.append(entry(4))
    expect(reads).toBe(2)
    expect(lines(root)).toHaveLength(4)
  })
  test('works are removed from it', async () => {
    const root = tempFolder('library')
    const library = await open(root)
    for (const n of [1, 2, 3]) await library.manifest.append(entry(n))
    await library.manifest.drop(['W2#pdf', 'W9#pdf'])
    expect(lines(root).map((line) => (JSON.parse(line) as { work_id: string }).work_id)).toEqual(['W1', 'W3'])
    await library.manifest.append(entry(2))
    expect(lines(root)).toHaveLength(3)
  })
})

describe('the quarantine', () => {
  const about = {
    workId: 'W1',
    because: 'Another DOI stands there.',
    evidence: { found: '10.1/x' },
    provenance: { source: 'unpaywall' },
    now: 5
  }

  test('stores a file with its evidence, and returns it', async () => {
    const root = tempFolder('library')
    const library = await open(root)
    const part = await stage(library, 'job1', pdf())
    const file = await library.quarantine.take({ ...about, jobId: 'job1' }, library.staging.path('job1'))
    await library.staging.discard('job1')
    expect(await library.quarantine.list()).toEqual([file])
    expect(file).toMatchObject({ because: about.because, bytes: part.bytes, quarantinedAt: 5 })
    const out = await library.quarantine.release(file.id, 'accept')
    expect(out.sha256).toBe(part.sha256)
    expect(await library.staging.facts('job1')).toMatchObject({
      url: `manual:${part.sha256}`,
      bytes: part.bytes
    })
    expect(await library.quarantine.list()).toEqual([file])
    await library.finalize(part, naming())
    expect(await library.quarantine.list()).toEqual([])
    expect(readdirSync(join(root, 'quarantine'))).toEqual([])
    await expect(library.quarantine.release(file.id, 'reject')).rejects.toMatchObject({
      code: 'NO_SUCH_FILE'
    })
  })
  test('a rejected file is deleted', async () => {
    const library = await open(tempFolder('library'))
    await stage(library, 'job1', pdf())
    const file = await library.quarantine.take({ ...about, jobId: 'job1' }, library.staging.path('job1'))
    await library.quarantine.release(file.id, 'reject')
    expect(await library.quarantine.list()).toEqual([])
  })
  test('a crash while moving loses neither file', async () => {
    const root = tempFolder('library')
    await stage(await open(root), 'job1', pdf())
    const dying = await open(root, { dieAt: 'QUARANTINE: moved' })
    await expect(
      dying.quarantine.take({ ...about, jobId: 'job1' }, dying.staging.path('job1'))
    ).rejects.toThrow(Died)
    expect(await (await open(root)).quarantine.list()).toHaveLength(1)
  })
  test('a damaged object is set aside as evidence; a good copy under its name stays', async () => {
    const root = tempFolder('library')
    const library = await open(root)
    const part = await stage(library, 'job1', pdf())
    const done = await library.finalize(part, naming())
    rmSync(join(root, done.paperPath))
    writeFileSync(join(root, done.paperPath), pdf())
    writeFileSync(join(root, done.path), 'damaged')
    const kept = await library.quarantine.setAside(artifact(done.path, done.paperPath, pdf()), 'damaged', 9)
    expect(readFileSync(join(root, kept?.path ?? ''), 'utf8')).toBe('damaged')
    expect(existsSync(join(root, done.path))).toBe(false)
    expect(existsSync(join(root, done.paperPath))).toBe(true)
  })
})

describe('adding and removing files', () => {
  test("a user's file is copied", async () => {
    const library = await open(tempFolder('library'))
    const own = join(tempFolder('own'), 'x.pdf')
    writeFileSync(own, pdf())
    expect(await library.takeIn('job1', own)).toEqual({ sha256: sha(pdf()), bytes: pdf().length })
    expect(existsSync(own)).toBe(true)
    await expect(library.takeIn('job1', '/nowhere.pdf')).rejects.toMatchObject({ code: 'FILE_NOT_FOUND' })
    await expect(library.takeIn('job1', tempFolder('own'))).rejects.toMatchObject({ code: 'BAD_FILE' })
  })
  test('a removed paper leaves the object while another paper needs it', async () => {
    const root = tempFolder('library')
    const library = await open(root)
    const done = await library.finalize(await stage(library, 'job1', pdf()), naming())
    const row = artifact(done.path, done.paperPath, pdf())
    await library.papers.writeProvenanceBeside(row)
    expect(readdirSync(join(root, 'papers'))).toHaveLength(2)
    await library.papers.remove(row, false)
    expect([readdirSync(join(root, 'papers')), existsSync(join(root, done.path))]).toEqual([[], true])
    await library.papers.remove(row, true)
    await library.papers.remove(row, true)
    expect(existsSync(join(root, done.path))).toBe(false)
    const again = await library.finalize(await stage(library, 'job2', pdf()), naming())
    expect(again.paperPath).toBe(done.paperPath)
  })
  test('sidecar files beside papers belong to Sheaf', async () => {
    const library = await open(tempFolder('library'))
    expect(
      ['papers/x.provenance.json', 'papers/x.pdf.a1b2.tmp'].map((path) => library.files.isOwn(path))
    ).toEqual([true, true])
    expect(library.files.isOwn('papers/x.pdf')).toBe(false)
  })
})

describe('folders that cannot be used', () => {
  test('a file where the folder should be', async () => {
    const root = join(tempFolder('library'), 'file')
    writeFileSync(root, '')
    await expect(open(root)).rejects.toMatchObject({ code: 'FOLDER_UNUSABLE' })
  })
  test.each([
    ['EROFS', 'DISK_READ_ONLY'],
    ['ENOSPC', 'DISK_FULL'],
    ['EACCES', 'FOLDER_UNUSABLE']
  ])('%s is %s', async (system, code) => {
    const files: Files = {
      ...nodeFiles,
      writeWhole: () => Promise.reject(Object.assign(new Error(system), { code: system }))
    }
    const root = tempFolder('library')
    await expect(open(root, { files })).rejects.toMatchObject({
      code,
      message: expect.stringContaining(root) as string
    })
  })
  test('a full disk at the start: the message does not promise to resume', async () => {
    const files: Files = {
      ...nodeFiles,
      writeWhole: () => Promise.reject(Object.assign(new Error('x'), { code: 'ENOSPC' }))
    }
    await expect(open(tempFolder('library'), { files })).rejects.toMatchObject({
      hint: 'Free some space, then start again.'
    })
  })
  test('a full disk while naming is a pause that can be resumed', async () => {
    const root = tempFolder('library')
    const part = await stage(await open(root), 'job1', pdf())
    const full: Files = {
      ...nodeFiles,
      linkUnsynced: () => Promise.reject(Object.assign(new Error('x'), { code: 'ENOSPC' }))
    }
    await expect((await open(root, { files: full })).finalize(part, naming())).rejects.toMatchObject({
      code: 'DISK_FULL'
    })
    expect((await (await open(root)).finalize(part, naming())).adopted).toBe(true)
  })
})

test('links that a user made are counted once, as their targets', async () => {
  const root = tempFolder('library')
  const library = await open(root)
  mkdirSync(join(root, 'papers/mine'))
  const done = await library.finalize(await stage(library, 'job1', pdf()), naming())
  linkSync(join(root, done.path), join(root, 'papers/mine/again.pdf'))
  expect((await library.files.list()).map((file) => file.path)).toContain('papers/mine/again.pdf')
})
