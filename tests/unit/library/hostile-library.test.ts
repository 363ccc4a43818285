/**
 * A library folder that another user or program wrote into: planted links, records and files with the right
 * names. Nothing outside the folder is changed or shown, and a file counts by its hash only.
 */
import { createHash } from 'node:crypto'
import {
  existsSync,
  linkSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  symlinkSync,
  writeFileSync
} from 'node:fs'
import { dirname, join } from 'node:path'
import { beforeEach, describe, expect, onTestFinished, test } from 'vitest'
import { defaultSettings } from '../../../src/contract/settings'
import type { ArtifactRow } from '../../../src/contract/work'
import type { Library } from '../../../src/main/library/library'
import { makeLibrary } from '../../../src/main/library/make-library'
import { lineOf, papersInManifest } from '../../../src/main/library/manifest-papers'
import { makePdf } from '../../kit/make-pdf'
import { tempFolder } from '../../kit/temp-folder'
import { testHost } from '../../kit/test-host'

const sha = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex')
const good = makePdf({ title: 'A paper', authors: ['Ada Author'], year: 2020 })
const GOOD = sha(good)
const OBJECT = `objects/${GOOD.slice(0, 2)}/${GOOD}.pdf`
const naming = { ids: {}, facts: { title: 'A paper', authors: ['Ada Author'], year: 2020 }, workId: 'W1' }

let root: string
let outside: string
let victim: string
beforeEach(() => {
  root = tempFolder('library')
  outside = tempFolder('outside')
  victim = join(outside, 'victim')
  writeFileSync(victim, 'precious')
})
const untouched = (): void => {
  expect(readFileSync(victim, 'utf8')).toBe('precious')
  expect(readdirSync(outside)).toEqual(['victim'])
}

async function open(): Promise<Library> {
  const library = makeLibrary(testHost(), defaultSettings(), root)
  onTestFinished(() => {
    library.close()
  })
  await library.prepare()
  return library
}

async function stage(library: Library, jobId: string, bytes: Uint8Array = good) {
  const source = { url: 'https://a.example/x.pdf', validator: {}, totalBytes: bytes.length }
  const part = await library.staging.begin(jobId, source)
  await part.write(bytes)
  const whole = await part.finish()
  await part.close()
  return { jobId, ...whole, format: 'pdf' as const }
}

const artifact = (more: Partial<ArtifactRow>): ArtifactRow => ({
  artifactId: 'W1#pdf',
  workId: 'W1',
  jobId: 'job1',
  format: 'pdf',
  sha256: GOOD,
  bytes: good.length,
  path: OBJECT,
  paperPath: null,
  finalizedAt: 1,
  verdict: 'match',
  provenance: {
    source: 'unpaywall',
    tier: 'direct_oa',
    version: null,
    license: null,
    evidence: '',
    url: '',
    finalUrl: '',
    foundOn: null,
    chain: [],
    headers: {},
    checks: [],
    verdict: 'match',
    verdictBecause: '',
    pages: 1,
    encrypted: false,
    fetchedAt: 1
  },
  ...more
})

describe('planted links', () => {
  test.each(['objects', 'papers', 'quarantine', '.sheaf', '.sheaf/staging', 'manifest.jsonl'])(
    '%s as a link is named before anything is written',
    async (place) => {
      mkdirSync(dirname(join(root, place)), { recursive: true })
      symlinkSync(place === 'manifest.jsonl' ? victim : outside, join(root, place))
      await expect(open()).rejects.toMatchObject({
        code: 'FOLDER_UNUSABLE',
        message: expect.stringContaining(place) as string
      })
      untouched()
    }
  )

  test('a later link stops work on the paths behind it, and nothing else', async () => {
    const library = await open()
    const part = await stage(library, 'job1')
    symlinkSync(outside, join(root, 'objects', GOOD.slice(0, 2)))
    await expect(library.finalize(part, naming)).rejects.toMatchObject({ code: 'FILE_UNWRITABLE' })
    untouched()
    const other = makePdf({ title: 'Another', authors: ['Bo Author'], year: 2021 })
    if (sha(other).slice(0, 2) !== GOOD.slice(0, 2)) {
      const filed = await library.finalize(await stage(library, 'job2', other), { ...naming, workId: 'W2' })
      expect(readFileSync(join(root, filed.path))).toEqual(Buffer.from(other))
    }
  })

  test('in place of a part or its sidecar, a link is removed and not followed', async () => {
    const library = await open()
    for (const name of ['job1.part', 'job1.json', 'job1.json.new']) {
      symlinkSync(victim, join(root, '.sheaf/staging', name))
    }
    expect(await library.staging.facts('job1')).toBeNull()
    const part = await stage(library, 'job1', Buffer.concat([good, Buffer.alloc(3_000_000, 1)]))
    expect(part.bytes).toBe(good.length + 3_000_000)
    await library.staging.discard('job1')
    untouched()
  })

  test('in place of an object, a link is replaced by the paper', async () => {
    const library = await open()
    mkdirSync(join(root, dirname(OBJECT)))
    symlinkSync(victim, join(root, OBJECT))
    await library.finalize(await stage(library, 'job1'), naming)
    expect(lstatSync(join(root, OBJECT)).isFile()).toBe(true)
    untouched()
  })

  test('in place of a paper, a link is left alone, and the paper gets another name', async () => {
    const library = await open()
    symlinkSync(victim, join(root, 'papers', 'Author 2020 – A paper.pdf'))
    const filed = await library.finalize(await stage(library, 'job1'), naming)
    expect(filed.paperPath).toBe('papers/Author 2020 – A paper (2).pdf')
    untouched()
  })

  test('a library file with a second hard link elsewhere is copied', async () => {
    const library = await open()
    linkSync(victim, join(root, 'manifest.jsonl'))
    await library.manifest.append({ artifact: artifact({}), ids: {}, facts: {} })
    untouched()
    expect((await library.manifest.read()).size).toBe(1)
  })

  test('a part with a second hard link elsewhere is downloaded from the start', async () => {
    const library = await open()
    await stage(library, 'job1')
    linkSync(join(root, '.sheaf/staging/job1.part'), join(outside, 'second'))
    expect(await library.staging.facts('job1')).toBeNull()
    await stage(library, 'job1', Buffer.from('other bytes'))
    expect(readFileSync(join(outside, 'second'))).toEqual(Buffer.from(good))
  })

  test('a sidecar applies to its own part only', async () => {
    const library = await open()
    await stage(library, 'job1')
    const note = readFileSync(join(root, '.sheaf/staging/job1.json'), 'utf8')
    writeFileSync(join(root, '.sheaf/staging/planted.json'), note)
    writeFileSync(join(root, '.sheaf/staging/planted.part'), 'x')
    expect((await library.staging.list()).map(({ jobId }) => jobId).sort()).toEqual(['job1', 'planted'])
  })
})

describe('records of the quarantine', () => {
  const record = (name: string, more: Readonly<Record<string, unknown>>): void => {
    const whole = {
      id: name,
      jobId: 'j',
      workId: 'w',
      sha256: GOOD,
      bytes: good.length,
      path: `quarantine/${name}.pdf`
    }
    const rest = { because: 'b', evidence: {}, quarantinedAt: 1, provenance: null }
    writeFileSync(join(root, 'quarantine', `${name}.json`), JSON.stringify({ ...whole, ...rest, ...more }))
    writeFileSync(join(root, 'quarantine', `${name}.pdf`), good)
  }
  test.each<[string, Readonly<Record<string, unknown>>]>([
    ['a path that climbs', { path: 'quarantine/../../victim' }],
    ['a path with dots', { path: '././././../victim' }],
    ['an absolute path', { path: '/etc/passwd' }],
    ['a path of Windows', { path: 'quarantine\\..\\..\\victim' }],
    ['another file of the library', { path: 'manifest.jsonl' }],
    ['an id that climbs', { id: '../../victim' }],
    ['an id of another record', { id: 'other', path: 'quarantine/other.pdf' }],
    ['a hash that is none', { sha256: '../../victim' }],
    ['a NUL', { path: 'quarantine/x.pdf\u0000' }],
    ['a length that is none', { bytes: -1 }]
  ])('%s: the record is ignored', async (_, more) => {
    const library = await open()
    mkdirSync(join(root, 'quarantine'))
    writeFileSync(join(root, 'manifest.jsonl'), '{}\n')
    record('r', { ...more, accepted: true })
    expect(await library.quarantine.list()).toEqual([])
    await expect(library.quarantine.release('r', 'reject')).rejects.toMatchObject({ code: 'NO_SUCH_FILE' })
    expect(existsSync(join(root, 'quarantine', 'r.pdf'))).toBe(true)
    expect(existsSync(join(root, 'manifest.jsonl'))).toBe(true)
    untouched()
  })

  test('an accepted file is released only when its own bytes are stored', async () => {
    const library = await open()
    mkdirSync(join(root, 'quarantine'))
    record('r', { accepted: true })
    mkdirSync(join(root, dirname(OBJECT)), { recursive: true })
    writeFileSync(join(root, OBJECT), Buffer.alloc(good.length, 7))
    expect(await library.quarantine.list()).toHaveLength(1)
    writeFileSync(join(root, OBJECT), good)
    expect(await library.quarantine.list()).toEqual([])
  })

  test('a file that was replaced meanwhile is not accepted', async () => {
    const library = await open()
    mkdirSync(join(root, 'quarantine'))
    record('r', {})
    writeFileSync(join(root, 'quarantine', 'r.pdf'), Buffer.alloc(good.length, 7))
    await expect(library.quarantine.release('r', 'accept')).rejects.toMatchObject({ code: 'BAD_FILE' })
    expect(await library.staging.facts('j')).toBeNull()
  })

  test('an existing file is never replaced by a new one', async () => {
    const library = await open()
    const about = { jobId: 'job1', workId: 'W1', because: 'b', evidence: {}, provenance: null, now: 1 }
    await stage(library, 'job1')
    const first = await library.quarantine.take(about, library.staging.path('job1'))
    await library.staging.discard('job1')
    await stage(library, 'job1')
    const second = await library.quarantine.take(about, library.staging.path('job1'))
    // The same bytes for the same job, as after a crash, give one file.
    expect(second.id).toBe(first.id)
    expect(await library.quarantine.list()).toHaveLength(1)
    await library.staging.discard('job1')
    writeFileSync(join(root, first.path), 'other bytes under the same name')
    await stage(library, 'job1')
    const third = await library.quarantine.take(about, library.staging.path('job1'))
    expect(third.id).not.toBe(first.id)
    expect(readFileSync(join(root, first.path), 'utf8')).toBe('other bytes under the same name')
  })
})

describe('bytes under the right name', () => {
  const planted = Buffer.from(good)
  planted.write('EVIL', 300)

  test('are replaced when they are not the paper, and kept as evidence', async () => {
    const library = await open()
    mkdirSync(join(root, dirname(OBJECT)))
    writeFileSync(join(root, OBJECT), planted)
    const filed = await library.finalize(await stage(library, 'job1'), naming)
    expect(filed.adopted).toBe(false)
    expect(sha(readFileSync(join(root, OBJECT)))).toBe(GOOD)
    const [kept] = await library.quarantine.list()
    expect(kept).toMatchObject({ sha256: sha(planted), evidence: { expected_sha256: GOOD } })
    expect(readFileSync(join(root, kept?.path ?? ''))).toEqual(planted)
  })

  test('are not adopted after a crash either, when no part is left', async () => {
    const library = await open()
    const part = await stage(library, 'job1')
    await library.staging.discard('job1')
    mkdirSync(join(root, dirname(OBJECT)))
    writeFileSync(join(root, OBJECT), planted)
    await expect(library.finalize(part, naming)).rejects.toMatchObject({ code: 'BROKEN_INVARIANT' })
    expect(readFileSync(join(root, OBJECT))).toEqual(planted)
  })

  test('are adopted when they are the paper', async () => {
    const library = await open()
    mkdirSync(join(root, dirname(OBJECT)))
    writeFileSync(join(root, OBJECT), good)
    expect((await library.finalize(await stage(library, 'job1'), naming)).adopted).toBe(true)
    expect(await library.quarantine.list()).toEqual([])
  })
})

describe('rows and lines that name other files', () => {
  test('removing takes the stored file and its name, and no file of the user', async () => {
    const library = await open()
    const filed = await library.finalize(await stage(library, 'job1'), naming)
    renameSync(join(root, filed.paperPath), join(root, 'papers', 'moved.pdf'))
    writeFileSync(join(root, filed.paperPath), 'notes of mine')
    await library.papers.remove(artifact({ paperPath: filed.paperPath }), true)
    expect(readFileSync(join(root, filed.paperPath), 'utf8')).toBe('notes of mine')
    expect(existsSync(join(root, OBJECT))).toBe(false)
  })
  test.each([
    '../victim',
    'manifest.jsonl',
    '.sheaf/library.json',
    'papers/../../victim',
    'papers/notes.txt',
    'C:\\x.pdf'
  ])('a row with %s removes nothing of that name', async (path) => {
    const library = await open()
    for (const own of ['manifest.jsonl', '.sheaf/library.json', 'papers/notes.txt'])
      writeFileSync(join(root, own), 'mine')
    await library.papers.remove(artifact({ path, paperPath: path }), true)
    await library.quarantine
      .setAside(artifact({ path: OBJECT, paperPath: path }), 'b', 1)
      .catch(() => undefined)
    expect(await library.objects.check(path, artifact({}), { hash: true })).not.toBe('ok')
    for (const own of ['manifest.jsonl', '.sheaf/library.json', 'papers/notes.txt'])
      expect(readFileSync(join(root, own), 'utf8')).toBe('mine')
    untouched()
  })
  test.each(['../victim', '/etc/passwd', 'manifest.jsonl', `objects/00/${'0'.repeat(64)}.pdf`])(
    'a line with %s names the file of its hash',
    (path) => {
      const line = { ...lineOf({ artifact: artifact({}), ids: {}, facts: {} }), path }
      const read = papersInManifest(Buffer.from(`${JSON.stringify(line)}\n`))
      expect([...read.values()]).toMatchObject([{ path: OBJECT }])
      const fine = { ...line, path: OBJECT, paper: path }
      expect([...papersInManifest(Buffer.from(JSON.stringify(fine))).values()]).toMatchObject([
        { paper: null }
      ])
    }
  )
})
