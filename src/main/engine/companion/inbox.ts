/**
 * The folder for PDFs received from the browser. A file is written in pieces, never held in memory as a
 * whole, and readable by this user only. It stays only while a question to the user is open.
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

/** Writes the incoming bytes; TOO_LARGE as soon as they exceed `most`. Removes the file when it throws. */
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

/** Removes files left by a crashed process, and files whose question has been answered. */
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

/** A recognisable file name, from the address that the file was saved from. */
export function fileNameOf(url: string | undefined, sha256: string): string {
  let last = ''
  try {
    last = decodeURIComponent(new URL(url ?? '').pathname.split('/').at(-1) ?? '')
  } catch {
    // No address, or invalid escapes: use the hash.
  }
  const bare = last
    .replace(/\.pdf$/i, '')
    .replace(/[^\p{L}\p{N}._ -]+/gu, '_')
    .replace(/^[. ]+/, '')
    .slice(0, 80)
  return `${bare === '' ? 'browser' : bare}-${sha256.slice(0, 8)}.pdf`
}
