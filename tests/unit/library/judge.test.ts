/**
 * Only papers (G7, defect 19): complete and damaged PDFs through the real reader process, each verdict with
 * its reason.
 */
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, describe, expect, test, vi } from 'vitest'
import { z } from 'zod'
import { judgeFile } from '../../../src/main/library/judge-file'
import type { Expected, Judgement } from '../../../src/main/library/library'
import { makeReaders } from '../../../src/main/library/readers'
import { forkChild } from '../../../src/main/platform/child-process'
import { nodeClock } from '../../../src/main/platform/node-host'
import { makePdf } from '../../kit/make-pdf'
import { recordedPath } from '../../kit/shared'
import { tempFolder } from '../../kit/temp-folder'
import { testHost } from '../../kit/test-host'

// Each test starts processes, which is slow on a busy machine.
vi.setConfig({ testTimeout: 120_000 })

const host = testHost()
const world = { clock: nodeClock, log: host.log, startChild: forkChild }
const readers = makeReaders(world)
afterAll(() => {
  readers.close()
})

const paper = {
  title: 'Sediment transport in alpine rivers',
  authors: ['Ada Lovelace', 'Jörg Müller'],
  year: 2019,
  doi: '10.1234/geo.57'
}
const expected: Expected = {
  format: 'pdf',
  ids: { doi: paper.doi },
  facts: { title: paper.title, authors: paper.authors, year: paper.year },
  announcedBytes: null,
  contentType: 'application/pdf',
  url: 'https://a.example/x.pdf'
}
const never = new AbortController().signal

async function judge(bytes: Uint8Array | string, changes: Partial<Expected> = {}): Promise<Judgement> {
  const path = join(tempFolder('judge'), 'file')
  writeFileSync(path, bytes)
  return judgeFile({ host, readers }, path, { ...expected, ...changes }, never)
}
async function reasonFor(bytes: Uint8Array | string, changes: Partial<Expected> = {}): Promise<string> {
  const answer = await judge(bytes, changes)
  return answer.kind === 'rejected'
    ? answer.reason
    : answer.kind === 'mismatch'
      ? 'WRONG_PAPER'
      : answer.verdict
}

describe('a paper', () => {
  test('is accepted, with the checks that were made', async () => {
    const bytes = makePdf({ ...paper, pages: 4, bytes: 300_000 })
    expect(await judge(bytes, { announcedBytes: 300_000 })).toMatchObject({
      kind: 'paper',
      verdict: 'match',
      because: 'Its first pages print its DOI.',
      pages: 4,
      encrypted: false,
      text: expect.stringContaining('Sediment transport') as string,
      checks: expect.arrayContaining([{ name: 'length', result: '300000 bytes, as announced' }]) as unknown
    })
  })
  test('is accepted with junk before and after it', async () => {
    const bytes = makePdf(paper)
    expect(await reasonFor(Buffer.concat([Buffer.from('\n\n  '), bytes]))).toBe('match')
    expect(await reasonFor(Buffer.concat([bytes, Buffer.from('\n'.repeat(100))]))).toBe('match')
    expect(await reasonFor(Buffer.concat([bytes, Buffer.from('<!-- served in 3 ms -->'.repeat(200))]))).toBe(
      'match'
    )
  })
  describe('a PDF that common readers open is accepted', () => {
    const whole = Buffer.from(makePdf(paper))
    const text = whole.toString('latin1')
    const table = /startxref\s+(\d+)\s+%%EOF\s*$/.exec(text)?.[1] ?? ''
    const root = /\/Root (\d+ \d+ R)/.exec(text)?.[1] ?? ''
    const update = (body: string, entries: string, more: string): Buffer => {
      const at = whole.length + 1 + Buffer.byteLength(body, 'latin1')
      const end = `xref\n${entries}trailer\n<< /Size 60 /Root ${root} /Prev ${table} ${more} >>\nstartxref\n${String(at)}\n%%EOF\n`
      return Buffer.concat([whole, Buffer.from(`\n${body}${end}`, 'latin1')])
    }
    const place = (offset: number): string =>
      `${String(whole.length + 1 + offset).padStart(10, '0')} 00000 n \n`
    const NOTE = '50 0 obj\n<< /Note (added later) >>\nendobj\n'
    const CIPHER =
      '<< /Filter /Standard /V 4 /R 4 /Length 128 /P -4 /O (01234567890123456789012345678901) /U (01234567890123456789012345678901)'
    const cases: readonly (readonly [string, Buffer])[] = [
      ['after an update', update(NOTE, `50 1\n${place(0)}`, '')],
      [
        'with a hybrid table',
        update(
          `51 0 obj\n<< /Type /XRef /Size 60 /W [1 4 1] /Index [58 1] /Length 6 >>\nstream\n\0\0\0\0\0\0\nendstream\nendobj\n`,
          `51 1\n${place(0)}`,
          `/XRefStm ${String(whole.length + 1)}`
        )
      ],
      [
        'with one wrong entry in its table',
        Buffer.from(text.replace(/(\d{10})( 00000 n)(?![\s\S]* 00000 n)/, '0000000003$2'), 'latin1')
      ],
      [
        'with the wrong length in its linearization',
        Buffer.concat([Buffer.from('<< /Linearized 1 /L 999999 /N 2 >>\n'), whole])
      ],
      [
        'with encrypted attachments',
        update(
          '',
          '0 0\n',
          `/Encrypt ${CIPHER} /CF << /StdCF << /CFM /AESV2 /AuthEvent /EFOpen >> >> /StmF /Identity /StrF /Identity /EFF /StdCF >> /ID [(a) (b)]`
        )
      ]
    ]
    test.each(cases)('%s', async (_, bytes) => {
      expect(await reasonFor(bytes)).toBe('match')
    })
    test('but not with encrypted pages', async () => {
      const bytes = update(
        '',
        '0 0\n',
        `/Encrypt ${CIPHER} /CF << /StdCF << /CFM /AESV2 >> >> /StmF /StdCF /StrF /StdCF /EFF /StdCF >> /ID [(a) (b)]`
      )
      expect(await reasonFor(bytes)).toBe('PASSWORD_NEEDED')
    })
  })
  test('is accepted without its last marker, when its cross-reference table is there', async () => {
    const bytes = Buffer.from(makePdf(paper))
    expect(await reasonFor(bytes.subarray(0, bytes.lastIndexOf('%%EOF')))).toBe('match')
  })
  test.each([300, 2_048, 4_096, 70_000, 300_000])('is accepted when padded with %d zeros', async (zeros) => {
    expect(await reasonFor(Buffer.concat([makePdf(paper), Buffer.alloc(zeros)]))).toBe('match')
  })
  test('is accepted when it is so large that it is read in pieces', async () => {
    const bytes = Buffer.from(makePdf({ ...paper, pages: 3, bytes: 34_000_000 }))
    expect(await judge(bytes)).toMatchObject({ kind: 'paper', verdict: 'match', pages: 3 })
    expect(await reasonFor(bytes.subarray(0, 33_900_000))).toBe('TRUNCATED')
  })
  test('without title and DOI is filed as unsure', async () => {
    const bytes = makePdf({ title: '1', authors: [], year: 2019, text: 'Scanned.', metadata: false })
    expect(await reasonFor(bytes)).toBe('unsure')
  })
  test('of another work goes to the quarantine, with evidence', async () => {
    const bytes = makePdf({
      title: 'Breeding success of urban blackbirds near railways',
      authors: ['P. Smith'],
      year: 2001,
      doi: '10.5555/birds'
    })
    const answer = await judge(bytes)
    expect(answer).toMatchObject({
      kind: 'mismatch',
      evidence: { found: { otherDoi: '10.5555/birds', ourDoi: false } }
    })
  })
})

describe('a rejected file has its reason', () => {
  const bytes = Buffer.from(makePdf({ ...paper, pages: 3, bytes: 100_000 }))

  test.each([0.1, 0.5, 0.9, 0.99, 0.999])('cut at %d of its length', async (share) => {
    expect(await reasonFor(bytes.subarray(0, Math.floor(bytes.length * share)))).toBe('TRUNCATED')
  })
  test('preallocated, its end still zeros', async () => {
    expect(await reasonFor(Buffer.concat([bytes.subarray(0, 50_000), Buffer.alloc(50_000)]))).toBe(
      'TRUNCATED'
    )
  })
  test.each([
    ['inside a later revision', '\n12 0 obj\n<< /Length 9000 >>\nstream\nxxxx'],
    ['where a later revision began', '\n12 0 o'],
    ['before its marker', null]
  ])('preallocated, cut off %s', async (_, update) => {
    const whole = update === null ? bytes.subarray(0, bytes.lastIndexOf('%%EOF')) : bytes
    const cut = Buffer.concat([whole, Buffer.from(update ?? ''), Buffer.alloc(5_000)])
    const answer = await judge(cut)
    expect(answer).toMatchObject({ reason: 'TRUNCATED' })
    expect(answer.kind === 'rejected' && answer.because).toContain('ends in zeros')
  })
  test('truncated in its last revision', async () => {
    const update = `\n12 0 obj\n<< /Length 9000 >>\nstream\n${'x'.repeat(5_000)}`
    expect(await reasonFor(Buffer.concat([bytes, Buffer.from(update)]))).toBe('TRUNCATED')
  })
  test('shorter and longer than announced', async () => {
    expect(await reasonFor(bytes, { announcedBytes: 100_001 })).toBe('LENGTH_MISMATCH')
    expect(await reasonFor(bytes, { announcedBytes: 99_999 })).toBe('LENGTH_MISMATCH')
  })
  test.each([
    ['', 'EMPTY'],
    ['%PDF-1.4\n%%EOF', 'TOO_SMALL'],
    [`%PDF-1.4\n${'x'.repeat(2_000)}\n%%EOF`, 'UNREADABLE_PDF'],
    ['<html><title>Sign in</title><input type=password></html>', 'LOGIN_PAGE'],
    ['{"error": 1}', 'NOT_PDF']
  ])('%#', async (text, reason) => {
    expect(await reasonFor(text)).toBe(reason)
  })
  test('only the first page, as a preview', async () => {
    const preview = makePdf({
      ...paper,
      pages: 1,
      text: 'This is a preview of the article. Purchase the full article to read on.'
    })
    expect(await reasonFor(preview)).toBe('FIRST_PAGE_ONLY')
    expect(await reasonFor(makePdf({ ...paper, pages: 1, text: 'A short note of one page.' }))).toBe('match')
  })
})

describe('XML and web pages', () => {
  const body = `<body><sec><title>Introduction</title><p>${'We measured the load of eleven streams. '.repeat(40)}</p></sec></body>`
  const jats = `<?xml version="1.0"?><!DOCTYPE article PUBLIC "-//NLM//DTD JATS" "JATS.dtd"><article><front><article-meta><article-id pub-id-type="doi">${paper.doi}</article-id><title-group><article-title>${paper.title}</article-title></title-group></article-meta></front>${body}</article>`
  test('JATS', async () => {
    expect(await reasonFor(jats, { format: 'xml' })).toBe('match')
    expect(await reasonFor(jats.slice(0, -40), { format: 'xml' })).toBe('TRUNCATED')
    expect(await reasonFor('<?xml version="1.0"?><oai><record/></oai>', { format: 'xml' })).toBe('WRONG_XML')
    expect(await reasonFor('<?xml version="1.0"?><article><front/></article>', { format: 'xml' })).toBe(
      'ABSTRACT_ONLY'
    )
    expect(await reasonFor('', { format: 'xml' })).toBe('EMPTY')
  })
  test('an article as a web page', async () => {
    const long =
      '<p>We measured the load of eleven streams over four years and found that it grew.</p>'.repeat(200)
    const html = `<!doctype html><html><head><title>${paper.title}</title><meta name="citation_title" content="x"></head><body><h1>${paper.title}</h1><p>Ada Lovelace</p><h2>Introduction</h2>${long}<h2>References</h2></body></html>`
    expect(await reasonFor(html, { format: 'html' })).toBe('match')
    expect(await reasonFor('<html><title>Just a moment...</title></html>', { format: 'html' })).toBe(
      'BOT_CHECK'
    )
    expect(await reasonFor('<html><title>Welcome</title></html>', { format: 'html' })).toBe('HTML_PAGE')
  })
})

describe('the reader process', () => {
  const write = (): string => {
    const path = join(tempFolder('judge'), 'file.pdf')
    writeFileSync(path, makePdf(paper))
    return path
  }
  const wanted = { ids: {}, facts: {} }

  test('is ended when a file takes too long, and the next file is read by another process', async () => {
    let fires = true
    const clock = {
      ...nodeClock,
      sleep: (ms: number, signal?: AbortSignal) => (fires ? Promise.resolve() : nodeClock.sleep(ms, signal))
    }
    const own = makeReaders({ ...world, clock }, { processes: 1 })
    expect(await own.pdf(write(), wanted, never)).toMatchObject({
      kind: 'costly',
      because: expect.stringContaining('not done') as string
    })
    fires = false
    expect(await own.pdf(write(), wanted, never)).toMatchObject({ kind: 'opened' })
    own.close()
  })
  test('out of memory fails only this answer', async () => {
    const own = makeReaders(world, { processes: 1, residentMegabytes: 20 })
    expect(await own.pdf(write(), wanted, never)).toMatchObject({ kind: 'costly' })
    own.close()
  })
  test('a missing file is unreadable, not a crash', async () => {
    expect(await readers.pdf('/nowhere/x.pdf', wanted, never)).toMatchObject({ kind: 'unreadable' })
  })
  test('aborting frees the place at once', async () => {
    const own = makeReaders(world, { processes: 1 })
    const stop = new AbortController()
    const both = [own.pdf(write(), wanted, stop.signal), own.pdf(write(), wanted, stop.signal)]
    stop.abort(new Error('stopped'))
    const ends = await Promise.allSettled(both)
    expect(ends.map((end) => end.status)).toEqual(['rejected', 'rejected'])
    expect(await own.pdf(write(), wanted, never)).toMatchObject({ kind: 'opened' })
    own.close()
  })
  test('concurrent requests each get their own answer', async () => {
    const path = tempFolder('judge')
    const names = Array.from({ length: 12 }, (_, n) => join(path, `${String(n)}.pdf`))
    names.forEach((name, n) => {
      writeFileSync(name, makePdf({ ...paper, pages: n + 2 }))
    })
    const answers = await Promise.all(
      names.map((name) => readers.pdf(name, wanted, new AbortController().signal))
    )
    expect(answers.map((facts) => (facts.kind === 'opened' ? facts.pageCount : 0))).toEqual(
      names.map((_, n) => n + 2)
    )
  })
})

const index = recordedPath('INDEX.json')
describe('real PDFs', () => {
  const schema = z.array(
    z.looseObject({
      file: z.string(),
      source: z.string(),
      expected: z.looseObject({
        class: z.string().optional(),
        size: z.number().optional(),
        pages: z.number().nullish()
      })
    })
  )
  const pdfs = schema.parse(JSON.parse(readFileSync(index, 'utf8'))).filter(({ source }) => source === 'pdf')
  /** Damaged for qpdf and poppler, but opened without loss by the library that Sheaf uses. */
  const OPENED = ['pdf/pdfjs-issue9418.pdf']
  /** Valid, with an empty page. */
  const BLANK = ['pdf/pdfjs-empty.pdf']

  test.each(pdfs.map((one) => [one.file, one] as const))('%s', async (file, { expected: known }) => {
    const bytes = readFileSync(recordedPath(file))
    const answer = await judge(bytes, { ids: {}, facts: {} })
    const kind = known.class ?? ''
    if (/no PDF header/.test(kind)) expect(answer).toMatchObject({ reason: 'NOT_PDF' })
    else if (bytes.length < 1_024) expect(answer).toMatchObject({ reason: 'TOO_SMALL' })
    else if (BLANK.includes(file)) {
      expect(answer).toMatchObject({ reason: 'UNREADABLE_PDF', because: 'The pages of the PDF are blank.' })
    } else if (/complete|warnings/.test(kind) || OPENED.includes(file)) {
      expect(answer).toMatchObject({
        kind: 'paper',
        ...(typeof known.pages === 'number' ? { pages: known.pages } : {})
      })
    } else if (/password/.test(kind)) expect(answer).toMatchObject({ reason: 'PASSWORD_NEEDED' })
    else expect(answer).toMatchObject({ kind: 'rejected' })
  })
})
