/**
 * The quarantine: files that did not look like the requested paper, or that were damaged later, each with its
 * evidence beside it (`quarantine-record.ts`). Accepting a file copies it out; it leaves the quarantine once
 * its paper is stored and hashed, or when the user rejects it.
 */
import { basename, join } from 'node:path'
import { fail } from '../../contract/errors'
import type { Host } from '../platform/host'
import { onDisk } from './disk-trouble'
import { hashOfFile } from './hash-file'
import type { QuarantinedFile } from './library'
import { fileOf, QUARANTINE_FOLDER, readRecord, writeRecord } from './quarantine-record'

export interface Quarantine {
  /** Moves `from` (absolute) in. The evidence is on disk before the file. */
  take(
    file: Omit<QuarantinedFile, 'id' | 'path' | 'bytes' | 'sha256'>,
    from: string
  ): Promise<QuarantinedFile>
  /** `tidy: false` changes nothing */
  list(how?: { readonly tidy: boolean }): Promise<readonly QuarantinedFile[]>
  find(id: string): Promise<QuarantinedFile>
  remove(file: QuarantinedFile): Promise<void>
  /** Records that the user accepted it: it leaves the quarantine once its object is stored, not before. */
  accept(file: QuarantinedFile): Promise<void>
}

const MOST_OF_ONE_NAME = 1_000

export function makeQuarantine(
  host: Host,
  root: string,
  isStored: (sha256: string, bytes: number) => Promise<boolean>
): Quarantine {
  const { files } = host
  const folder = join(root, QUARANTINE_FOLDER)

  async function list({ tidy } = { tidy: true }): Promise<QuarantinedFile[]> {
    const entries = await files.list(folder)
    const names = new Set(entries.map((entry) => entry.name))
    const found: QuarantinedFile[] = []
    for (const { name } of entries) {
      if (!name.endsWith('.json')) continue
      const record = await readRecord(host, folder, name)
      // Evidence without a file: the move did not happen, and the file is still where it was.
      if (record === null || !names.has(basename(record.path))) continue
      const { accepted, ...file } = record
      const isOver = accepted === true && (await isStored(file.sha256, file.bytes))
      if (isOver && tidy) await remove(file)
      else if (!isOver) found.push(file)
    }
    return found.sort((a, b) => a.quarantinedAt - b.quarantinedAt)
  }

  /**
   * The first name of this kind that no other bytes have: an existing file is never replaced. The same bytes
   * for the same job keep their name, so that a step repeated after a crash leaves one file.
   */
  async function idFor({ sha256, bytes }: { sha256: string; bytes: number }, jobId: string): Promise<string> {
    const stem = `${sha256.slice(0, 12)}-${jobId.slice(0, 8).replace(/[^0-9A-Za-z-]/g, '_')}`
    for (let n = 1; n < MOST_OF_ONE_NAME; n += 1) {
      const id = n === 1 ? stem : `${stem}-${String(n)}`
      const path = join(root, fileOf(id))
      const there = await files.stat(path)
      if (there === null) return id
      if (there.bytes === bytes && (await hashOfFile(files, path)).sha256 === sha256) return id
    }
    return `${stem}-${host.random.hex(8)}`
  }

  /**
   * The file is removed first: evidence without a file is ignored, but a file without evidence would be
   * unexplained.
   */
  async function remove(file: QuarantinedFile): Promise<void> {
    await onDisk(folder, async () => {
      await files.remove(join(root, file.path))
      await files.remove(join(folder, `${file.id}.json`))
      await files.syncFolder(folder)
    })
  }

  return {
    take(file, from) {
      return onDisk(folder, async () => {
        await files.makeFolder(folder)
        const { sha256, bytes } = await hashOfFile(files, from)
        const id = await idFor({ sha256, bytes }, file.jobId)
        const record: QuarantinedFile = { ...file, sha256, bytes, id, path: fileOf(id) }
        await writeRecord(files, folder, record)
        await files.rename(from, join(root, record.path))
        host.probe('QUARANTINE: moved')
        return record
      })
    },
    list,
    async find(id) {
      const file = (await list()).find((one) => one.id === id)
      return file ?? fail('NO_SUCH_FILE', `No file ${id} is in the quarantine.`)
    },
    remove,
    accept: (file) => onDisk(folder, () => writeRecord(files, folder, { ...file, accepted: true }))
  }
}
