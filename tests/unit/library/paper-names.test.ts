/** Names in folders and the steps of a renaming: a user's file is never overwritten or removed (G3). */
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { defaultSettings } from '../../../src/contract/settings'
import type { ArtifactRow } from '../../../src/contract/work'
import type { Library } from '../../../src/main/library/library'
import { makeLibrary } from '../../../src/main/library/make-library'
import type { Files } from '../../../src/main/platform/files'
import { nodeFiles } from '../../../src/main/platform/node-files'
import { tempFolder } from '../../kit/temp-folder'
import { testHost } from '../../kit/test-host'

const withoutLinks: Files = {
  ...nodeFiles,
  linkUnsynced: () => Promise.reject(Object.assign(new Error('no links here'), { code: 'EPERM' }))
}

async function open(template: string, files: Files = nodeFiles): Promise<Library> {
  const settings = { ...defaultSettings(), 'files.nameTemplate': template }
  const library = makeLibrary(testHost({ files }), settings, tempFolder('names'))
  await library.prepare()
  onTestFinished(() => {
    library.close()
  })
  return library
}

const naming = (title: string, author: string) => ({
  ids: {},
  facts: { title, authors: [author] },
  workId: 'W1',
  format: 'pdf' as const
})

/** A stored file under a readable name. */
async function filed(
  library: Library,
  text: string,
  title = 'T',
  author = 'Ann Abbott'
): Promise<ArtifactRow> {
  const sha256 = createHash('sha256').update(text).digest('hex')
  const path = library.objects.path(sha256, 'pdf')
  mkdirSync(dirname(join(library.root, path)), { recursive: true })
  writeFileSync(join(library.root, path), text)
  const paperPath = await library.papers.link(path, naming(title, author))
  const row = {
    artifactId: 'W1#pdf',
    workId: 'W1',
    jobId: 'j',
    format: 'pdf' as const,
    sha256,
    path,
    paperPath
  }
  // Only what names depend on; the source of a file is not read here.
  return {
    ...row,
    bytes: text.length,
    finalizedAt: 1,
    verdict: 'match',
    provenance: {} as ArtifactRow['provenance']
  }
}

const read = (library: Library, path: string): string => readFileSync(join(library.root, path), 'utf8')

test("a folder keeps its existing spelling; a file with the folder's name is left alone", async () => {
  const library = await open('{firstAuthor}/{title}')
  writeFileSync(join(library.root, 'papers/Baker'), 'a file of mine')
  expect((await filed(library, 'one', 'One')).paperPath).toBe('papers/Abbott/One.pdf')
  expect((await filed(library, 'two', 'Two', 'Ann ABBOTT')).paperPath).toBe('papers/Abbott/Two.pdf')
  expect((await filed(library, 'three', 'One')).paperPath).toBe('papers/Abbott/One (2).pdf')
  expect((await filed(library, 'four', 'Four', 'Bo Baker')).paperPath).toBe('papers/Baker (2)/Four.pdf')
  expect(read(library, 'papers/Baker')).toBe('a file of mine')
})

test('names chosen for several papers differ, and choosing changes nothing', async () => {
  const library = await open('{title}')
  const [one, two] = [await filed(library, 'one', 'A'), await filed(library, 'two', 'B')]
  const taken = new Set<string>()
  const names = library.papers.names
  expect(await names.choose(one.path, naming('Same', 'Ann Abbott'), taken)).toBe('papers/Same.pdf')
  expect(await names.choose(two.path, naming('Same', 'Ann Abbott'), taken)).toBe('papers/Same (2).pdf')
  expect(await names.choose(two.path, naming('Same', 'Ann Abbott'))).toBe('papers/Same.pdf')
  expect(readdirSync(join(library.root, 'papers')).sort()).toEqual(['A.pdf', 'B.pdf'])
})

test.each([
  ['links', nodeFiles],
  ['copies', withoutLinks]
])('a paper moves to another name by %s, and a folder left empty is removed', async (_, files) => {
  const library = await open('{firstAuthor}/{title}', files)
  const paper = await filed(library, 'the paper')
  await library.papers.names.link(paper.path, 'papers/new/T.pdf')
  await library.papers.names.leave(paper, 'papers/new/T.pdf', false)
  expect(read(library, 'papers/new/T.pdf')).toBe('the paper')
  expect(readdirSync(join(library.root, 'papers'))).toEqual(['new'])
  // As after a crash: a second run changes nothing.
  await library.papers.names.link(paper.path, 'papers/new/T.pdf')
  await library.papers.names.leave(paper, 'papers/new/T.pdf', false)
  expect(read(library, 'papers/new/T.pdf')).toBe('the paper')
})

test("a user's file is neither overwritten nor removed", async () => {
  const library = await open('{title}', withoutLinks)
  const paper = await filed(library, 'the paper')
  writeFileSync(join(library.root, 'papers/Mine.pdf'), 'my own file')
  await expect(library.papers.names.link(paper.path, 'papers/Mine.pdf')).rejects.toMatchObject({
    code: 'FILE_UNWRITABLE'
  })
  expect(read(library, 'papers/Mine.pdf')).toBe('my own file')

  writeFileSync(join(library.root, 'papers/T.pdf'), 'the pap!!')
  expect(await library.papers.names.condition(paper, { hash: true })).toBe('changed')
  await library.papers.names.leave(paper, 'papers/Other.pdf', false)
  expect(read(library, 'papers/T.pdf')).toBe('the pap!!')
  writeFileSync(join(library.root, paper.path), 'the pap!!')
  expect(await library.papers.names.condition(paper, { hash: true })).toBe('lost')
})

test('a name that another paper uses too stays; the provenance file is written under the new one', async () => {
  const library = await open('{title}')
  const paper = await filed(library, 'the paper')
  await library.papers.writeProvenanceBeside(paper)
  await library.papers.names.link(paper.path, 'papers/New.pdf')
  await library.papers.names.leave(paper, 'papers/New.pdf', true)
  expect(existsSync(join(library.root, 'papers/T.pdf'))).toBe(true)
  expect(JSON.parse(read(library, 'papers/New.provenance.json'))).toMatchObject({
    paperPath: 'papers/New.pdf'
  })
  await library.papers.names.leave(paper, 'papers/New.pdf', false)
  expect(readdirSync(join(library.root, 'papers')).sort()).toEqual(['New.pdf', 'New.provenance.json'])
})
