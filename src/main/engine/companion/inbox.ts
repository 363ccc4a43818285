/**
 * The folder in which a PDF from the browser lies while it is looked at: written piece by piece, never in memory
 * as a whole, for this user only. A file stays only while a person is asked about it.
 */
import { createHash } from 'node:crypto'
import { join } from 'node:path'
import { fail } from '../../../contract/errors'
import { jobById } from '../../ledger/jobs'
import { watchedIn } from '../../ledger/watched-files'
import { onDisk } from '../../library/disk-trouble'
import type { Engine } from '../engine'
import { isWaiting } from '../handoff/catch-file'

export interface Arrived {
  /** absolute */
  readonly path: string
  readonly sha256: string
  readonly bytes: number
}

/** Writes what comes; TOO_LARGE as soon as it is more than `most` bytes. Nothing is left when it throws. */
export async function takeBytes(
  engine: Pick<Engine, 'host'>,
  folder: string,
  body: AsyncIterable<Uint8Array>,
  how: { readonly most: number; readonly signal: AbortSignal }
): Promise<Arrived> {
  const { files, random } = engine.host
  const path = join(folder, `${random.hex(12)}.part`)
  await onDisk(folder, () => files.makeFolder(folder, 'private'))
  const handle = await onDisk(path, () => files.open(path, 'create', 'private'))
  try {
    const digest = createHash('sha256')
    let bytes = 0
    for await (const piece of body) {
      how.signal.throwIfAborted()
      bytes += piece.length
      if (bytes > how.most)
        fail(
          'TOO_LARGE',
          `The file is larger than ${String(how.most)} bytes, which is the limit (files.maxBytes).`
        )
      digest.update(piece)
      await onDisk(path, () => handle.write(piece, null))
    }
    await onDisk(path, () => handle.sync())
    await handle.close()
    return { path, sha256: digest.digest('hex'), bytes }
  } catch (error) {
    await handle.close().catch(() => undefined)
    await files.remove(path)
    throw error
  }
}

/** Removes what a process that died left, and files whose question has been answered. */
export async function sweepInbox({ host, ledger }: Engine, folder: string): Promise<void> {
  const asked = ledger.read((r) =>
    watchedIn(r, folder).flatMap((file) => {
      const job = file.outcome === 'asked' && file.jobId !== null ? jobById(r, file.jobId) : null
      return job !== null && isWaiting(job) ? [file.name] : []
    })
  )
  for (const { name, isFolder } of await host.files.list(folder))
    if (!isFolder && !asked.includes(name)) await host.files.remove(join(folder, name))
}

/** A name that a person recognises the file by, from the address it was saved from. */
export function fileNameOf(url: string | undefined, sha256: string): string {
  let last = ''
  try {
    last = decodeURIComponent(new URL(url ?? '').pathname.split('/').at(-1) ?? '')
  } catch {
    // No address, or one with broken escapes: the hash names it.
  }
  const bare = last
    .replace(/\.pdf$/i, '')
    .replace(/[^\p{L}\p{N}._ -]+/gu, '_')
    .replace(/^[. ]+/, '')
    .slice(0, 80)
  return `${bare === '' ? 'browser' : bare}-${sha256.slice(0, 8)}.pdf`
}
