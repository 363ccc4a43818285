/**
 * The quarantine: files that did not look like the requested paper, or that were damaged later, each with its
 * evidence beside it. Accepting a file copies it out; it leaves the quarantine once its paper is stored and
 * hashed, or when the user rejects it. A record is valid only for the file beside it: `<id>.json` for
 * `<id>.pdf`, regardless of its other fields.
 */
import { basename, join } from 'node:path'
import { z } from 'zod'
import { fail } from '../../contract/errors'
import type { Host } from '../platform/host'
import { isSha256 } from '../platform/recorded-path'
import { onDisk } from './disk-trouble'
import { hashOfFile } from './hash-file'
import type { QuarantinedFile } from './library'

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

const FOLDER = 'quarantine'

const ID = /^[0-9A-Za-z][0-9A-Za-z_-]{0,99}$/
const MOST_RECORD_BYTES = 1_048_576
const MOST_OF_ONE_NAME = 1_000

const recordSchema = z
  .object({
    id: z.string().regex(ID),
    jobId: z.string().min(1).max(500),
    workId: z.string().min(1).max(4_000),
    sha256: z.string().refine(isSha256),
    bytes: z.number().int().nonnegative(),
    path: z.string(),
    because: z.string(),
    evidence: z.record(z.string(), z.unknown()),
    quarantinedAt: z.number(),
    provenance: z.unknown(),
    accepted: z.boolean().optional()
  })
  .refine((record) => record.path === fileOf(record.id), 'it speaks of another file')
type Kept = QuarantinedFile & { readonly accepted?: boolean | undefined }

/** Size: its inner functions share the records in memory; each is short by itself. */
export function makeQuarantine(
  host: Host,
  root: string,
  isStored: (sha256: string, bytes: number) => Promise<boolean>
): Quarantine {
  const { files } = host
  const folder = join(root, FOLDER)

  async function list({ tidy } = { tidy: true }): Promise<QuarantinedFile[]> {
    const entries = await files.list(folder)
    const names = new Set(entries.map((entry) => entry.name))
    const found: QuarantinedFile[] = []
    for (const { name } of entries) {
      if (!name.endsWith('.json')) continue
      const record = await read(name)
      // Evidence without a file: the move did not happen, and the file is still where it was.
      if (record === null || !names.has(basename(record.path))) continue
      const { accepted, ...file } = record
      const isOver = accepted === true && (await isStored(file.sha256, file.bytes))
      if (isOver && tidy) await remove(file)
      else if (!isOver) found.push(file)
    }
    return found.sort((a, b) => a.quarantinedAt - b.quarantinedAt)
  }

  async function read(name: string): Promise<Kept | null> {
    const path = join(folder, name)
    try {
      if (((await files.stat(path))?.bytes ?? 0) > MOST_RECORD_BYTES) throw new Error('it is far too long')
      const text = new TextDecoder().decode(await files.readWhole(path))
      const record = recordSchema.parse(JSON.parse(text))
      if (name !== `${record.id}.json`) throw new Error('it has the name of another record')
      return record
    } catch (error) {
      host.log.warn('A record of the quarantine cannot be used', { path, because: String(error) })
      return null
    }
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

  const write = (record: Kept): Promise<void> =>
    files.writeWhole(join(folder, `${record.id}.json`), `${JSON.stringify(record, null, 2)}\n`)

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
        await write(record)
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
    accept: (file) => onDisk(folder, () => write({ ...file, accepted: true }))
  }
}

function fileOf(id: string): string {
  return `${FOLDER}/${id}.pdf`
}
