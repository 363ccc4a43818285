/**
 * The file of a synthetic work and its other versions. The same work always gives the same bytes. Two
 * versions differ in (nearly) every byte of their middle, so a splice of two versions equals neither.
 */
import { createHash } from 'node:crypto'
import { makePdf } from '../../src/main/demo/make-pdf'
import type { ServedFile } from './file-answer'

export interface Paper {
  readonly title: string
  readonly authors: readonly string[]
  readonly year: number
  readonly doi?: string | undefined
  readonly arxiv?: string | undefined
  readonly bytes?: number | undefined
}

export const PAPER_BYTES = 40_000

export function paperPdf(paper: Paper, version = 0): Buffer {
  const bytes = Buffer.from(
    makePdf({
      // Real records contain whole papers in their titles and thousands of authors; the title page is
      // limited.
      title: paper.title.slice(0, 300),
      authors: paper.authors.slice(0, 8),
      year: paper.year,
      ...(paper.doi === undefined ? {} : { doi: paper.doi }),
      header: `${paper.arxiv === undefined ? 'Fixture Press' : `arXiv:${paper.arxiv}`}, version ${version + 1}`,
      bytes: Math.max(paper.bytes ?? PAPER_BYTES, 12_000) + version * 1_013
    })
  )
  return version === 0 ? bytes : turnFiller(bytes, version)
}

/** The letters of the filler stream (the first stream of the file), shifted by `by` places. */
function turnFiller(bytes: Buffer, by: number): Buffer {
  const start = bytes.indexOf('stream\n') + 'stream\n'.length
  const end = bytes.indexOf('\nendstream', start)
  for (let at = start; at < end; at += 1) bytes[at] = 65 + (((bytes[at] ?? 65) - 65 + by) % 26)
  return bytes
}

/** The file as a well-configured server offers it: a strong ETag derived from the bytes, a date, a type. */
export function servedPdf(bytes: Buffer, lastModified = 'Tue, 02 Jan 2024 03:04:05 GMT'): ServedFile {
  return { bytes, contentType: 'application/pdf', etag: `"${sha256(bytes).slice(0, 16)}"`, lastModified }
}

export function sha256(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex')
}
