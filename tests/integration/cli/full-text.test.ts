/**
 * `sheaf search` on a library made by the command line alone: what is found, with which details, and which
 * files stay untouched.
 */
import { readdir, readFile, stat, writeFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { SAMPLE_WORKS } from '../../../src/main/demo/sample-works'
import { takeLock } from '../../../src/main/ledger/lock'
import { nodeHost } from '../../../src/main/platform/node-host'
import { makeLog } from '../../../src/main/platform/log'
import type { CliEnd } from '../../kit/run-cli'
import { makeCliWorld, type CliWorld } from './cli-world'

const hedgerows = SAMPLE_WORKS.find((work) => work.key === 'hedgerows')!
const ARABIC = resolve('tests/fixtures/pdf/arabic-chromium.pdf')

let world: CliWorld
beforeAll(async () => {
  world = await makeCliWorld()
  await world.sheaf(['run', '--doi', hedgerows.doi, '--enable-idempotency', '--quiet'])
  const chinese = join(world.folder, 'chinese.pdf')
  await writeFile(chinese, pdfOf('深層学習による分類は画像の特徴を用いる'))
  for (const [file, doi] of [
    [ARABIC, '10.5555/arabic'],
    [chinese, '10.5555/chinese']
  ] as const) {
    const end = await world.sheaf([
      ...['import', file, '--as', doi, '--accept', '--no-look-up', '--enable-idempotency']
    ])
    expect(end.stderr).toContain('1 file filed')
  }
}, 120_000)
afterAll(() => world.end())

const hits = (end: CliEnd): Record<string, unknown>[] =>
  end.lines.filter((line) => (line.type as string) === 'hit') as unknown as Record<string, unknown>[]
const last = (end: CliEnd): unknown => end.lines.at(-1)
const search = (...args: string[]): Promise<CliEnd> => world.sheaf(['search', ...args])

/** Every file below the folder, with its bytes and time. */
async function everything(folder: string): Promise<string[]> {
  const names = (await readdir(folder, { recursive: true, withFileTypes: true })).filter((one) =>
    one.isFile()
  )
  return Promise.all(
    names.map(async (one) => {
      const path = join(one.parentPath, one.name)
      return `${path} ${String((await stat(path)).mtimeMs)} ${(await readFile(path)).toString('base64')}`
    })
  )
}

test('while another process holds the ledger, everything is found and no byte changes', async () => {
  const lock = await takeLock(
    nodeHost(
      makeLog(
        () => undefined,
        'error',
        () => 0
      )
    ),
    world.dataDir
  )
  try {
    const before = await everything(world.folder)
    const end = await search('hedgerow', '--json')
    expect(end.status).toBe(0)
    expect(hits(end)).toMatchObject([{ work_id: `doi:${hedgerows.doi}`, page: expect.any(Number) as number }])
    expect(last(end)).toMatchObject({ type: 'search', found: 1, papers: 3, not_searchable: 0 })
    expect(await everything(world.folder)).toEqual(before)
  } finally {
    await lock.release()
  }
}, 60_000)

test('papers are indexed once and found in every script, with page, snippet and job', async () => {
  const arabic = await search('المياه الجوفية', '--json')
  expect(hits(arabic)).toMatchObject([{ work_id: 'doi:10.5555/arabic', page: 1 }])
  expect(hits(arabic)[0]!['snippet']).toContain('المياه الجوفية')
  expect(hits(arabic)[0]!['job_id']).toMatch(/^[0-9a-f]/)
  expect(hits(await search('"قياس 25"', '--json'))).toHaveLength(1)
  const index = join(world.dataDir, 'search.sqlite')
  const kept = (await stat(index)).mtimeMs
  const chinese = await search('学習', '--json')
  expect(hits(chinese)).toMatchObject([{ work_id: 'doi:10.5555/chinese', page: 1 }])
  // The index was kept: nothing is read or written again.
  expect((await stat(index)).mtimeMs).toBe(kept)
  const people = await search('学習')
  expect(people.stdout).toMatch(/doi:10\.5555\/chinese\n {2}page 1: .*学習/u)
  expect(people.stderr).toContain('1 paper of 3 has all these words.')
}, 60_000)

test('no hits is a valid result, an empty query is an error; --limit counts papers', async () => {
  const none = await search('zyzzyva', '--json')
  expect(none.status).toBe(0)
  expect(none.lines).toEqual([{ type: 'search', found: 0, shown: 0, papers: 3, not_searchable: 0 }])
  const empty = await search(' … ', '--json')
  expect(empty.status).toBe(2)
  const one = await search('10.5555', '--limit', '1', '--json')
  expect(hits(one)).toHaveLength(1)
  expect(last(one)).toMatchObject({ found: 3, shown: 1 })
}, 60_000)

test('without a ledger the manifest lists the papers; a damaged index is rebuilt', async () => {
  const fresh = ['--data-dir', join(world.folder, 'other-data'), '--out', world.library]
  const { runCli } = await import('../../kit/run-cli')
  expect(hits(await runCli(['search', 'hedgerow', '--json', ...fresh]))).toHaveLength(1)
  await expect(stat(join(world.folder, 'other-data'))).rejects.toThrow()
  await writeFile(join(world.dataDir, 'search.sqlite'), 'no index')
  expect(hits(await search('学習', '--json'))).toHaveLength(1)
}, 60_000)

/** One page of text in an embedded font with a character map, as most programs write it. */
function pdfOf(text: string): Uint8Array {
  const codes = Array.from(text).map((sign) => sign.codePointAt(0)!.toString(16).padStart(4, '0'))
  const map = `/CIDInit /ProcSet findresource begin 12 dict begin begincmap /CMapName /X def /CMapType 2 def
1 begincodespacerange <0000> <ffff> endcodespacerange
${String(codes.length)} beginbfchar
${codes.map((code) => `<${code}> <${code}>`).join('\n')}
endbfchar endcmap end end`
  const page = `BT /F 12 Tf 50 700 Td <${codes.join('')}> Tj ET`
  const objects = [
    '<< /Type /Catalog /Pages 2 0 R >>',
    '<< /Type /Pages /Kids [3 0 R] /Count 1 >>',
    '<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R /Resources << /Font << /F 5 0 R >> >> >>',
    `<< /Length ${String(page.length)} >>\nstream\n${page}\nendstream`,
    '<< /Type /Font /Subtype /Type0 /BaseFont /X /Encoding /Identity-H /DescendantFonts [6 0 R] /ToUnicode 7 0 R >>',
    '<< /Type /Font /Subtype /CIDFontType2 /BaseFont /X /CIDSystemInfo << /Registry (Adobe) /Ordering (Identity) /Supplement 0 >> /FontDescriptor 8 0 R >>',
    `<< /Length ${String(map.length)} >>\nstream\n${map}\nendstream`,
    '<< /Type /FontDescriptor /FontName /X /Flags 4 /FontBBox [0 0 1000 1000] /ItalicAngle 0 /Ascent 800 /Descent 0 /CapHeight 700 /StemV 80 >>'
  ]
  let body = '%PDF-1.5\n'
  const at = objects.map((object, n) => {
    const offset = body.length
    body += `${String(n + 1)} 0 obj\n${object}\nendobj\n`
    return offset
  })
  const start = body.length
  body += `xref\n0 ${String(objects.length + 1)}\n0000000000 65535 f \n${at
    .map((offset) => `${String(offset).padStart(10, '0')} 00000 n \n`)
    .join(
      ''
    )}trailer\n<< /Size ${String(objects.length + 1)} /Root 1 0 R >>\nstartxref\n${String(start)}\n%%EOF\n`
  return Buffer.from(body, 'latin1')
}
