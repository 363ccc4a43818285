/**
 * Judges a file on disk: reads its ends, then a child process opens it. Expensive work happens in that
 * process; the decision is pure and tested separately.
 */
import type { Expected, Judgement } from './library'
import type { FileHandle } from '../platform/files'
import type { Host } from '../platform/host'
import { onDisk } from './disk-trouble'
import { hashOfOpen } from './hash-file'
import type { ExpectedHead } from './judge-head'
import { TAIL_BYTES, judgeEnds, judgePdf, type FileEnds } from './judge-pdf'
import type { Readers } from './readers'

const HEAD_BYTES = 65_536

export async function judgeFile(
  parts: { readonly host: Host; readonly readers: Readers },
  path: string,
  expected: Expected,
  signal: AbortSignal
): Promise<Judgement> {
  const { head, ends } = await onDisk(path, () => readEnds(parts.host, path, expected))
  const no = await parts.readers.head(head, headOf(expected), signal)
  if (no !== null) return { kind: 'rejected', ...no }
  const wanted = { ids: expected.ids, facts: expected.facts }
  const early = judgeEnds(ends, expected.format)
  if (early !== null) return early
  const differs = await onDisk(path, () => differsFromAnnounced(parts.host, path, expected.md5))
  if (differs !== null) return differs
  if (expected.format === 'pdf') {
    return judgePdf(ends, await parts.readers.pdf(path, wanted, signal))
  }
  return parts.readers.article({ path, format: expected.format, url: expected.url, wanted }, signal)
}

/** A source's checksum identifies its file: different bytes are a different file. */
async function differsFromAnnounced(
  host: Host,
  path: string,
  md5: string | undefined
): Promise<Judgement | null> {
  if (md5 === undefined) return null
  const found = await md5Of(host, path)
  if (found === md5.toLowerCase()) return null
  return {
    kind: 'rejected',
    reason: 'CHECKSUM_MISMATCH',
    because: `Its source announced the MD5 ${md5}; the file has ${found}.`
  }
}

async function md5Of({ files }: Host, path: string): Promise<string> {
  const handle = await files.open(path, 'read')
  try {
    return (await hashOfOpen(handle, { algorithm: 'md5' })).hash.digest('hex')
  } finally {
    await handle.close()
  }
}

const headOf = ({ format, contentType, url }: Expected): ExpectedHead => ({ format, contentType, url })

async function readEnds(
  host: Host,
  path: string,
  expected: Expected
): Promise<{ head: Uint8Array; ends: FileEnds }> {
  const handle: FileHandle = await host.files.open(path, 'read')
  try {
    const bytes = await handle.size()
    const head = await handle.read(0, Math.min(bytes, HEAD_BYTES))
    const tail = await handle.read(Math.max(0, bytes - TAIL_BYTES), Math.min(bytes, TAIL_BYTES))
    return { head, ends: { bytes, announcedBytes: expected.announcedBytes, tail } }
  } finally {
    await handle.close()
  }
}
