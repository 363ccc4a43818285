/**
 * The quarantine: files that did not look like the paper asked for, or that were damaged later, each
 * with its evidence beside it. Nothing in here is ever lost by accepting it: it is copied out, and
 * taken away only when somebody says so.
 */
import { join } from 'node:path'
import { z } from 'zod'
import { fail } from '../../contract/errors'
import type { Host } from '../platform/host'
import { onDisk } from './disk-trouble'
import type { QuarantinedFile } from './library'

export interface Quarantine {
  /** Moves `from` (absolute) in. The evidence is on disk before the file. */
  take(file: Omit<QuarantinedFile, 'id' | 'path' | 'bytes'>, from: string): Promise<QuarantinedFile>
  list(): Promise<readonly QuarantinedFile[]>
  find(id: string): Promise<QuarantinedFile>
  remove(file: QuarantinedFile): Promise<void>
  /** Notes that a person accepted it: it leaves the quarantine once its object is stored, not before. */
  accept(file: QuarantinedFile): Promise<void>
}

const FOLDER = 'quarantine'

const recordSchema = z.object({
  id: z.string(),
  jobId: z.string(),
  workId: z.string(),
  sha256: z.string(),
  bytes: z.number(),
  path: z.string(),
  because: z.string(),
  evidence: z.record(z.string(), z.unknown()),
  quarantinedAt: z.number(),
  provenance: z.unknown(),
  accepted: z.boolean().optional()
})
type Kept = QuarantinedFile & { readonly accepted?: boolean | undefined }

export function makeQuarantine(
  host: Host,
  root: string,
  isStored: (sha256: string, bytes: number) => Promise<boolean>
): Quarantine {
  const { files } = host
  const folder = join(root, FOLDER)

  async function list(): Promise<QuarantinedFile[]> {
    const entries = await files.list(folder)
    const names = new Set(entries.map((entry) => entry.name))
    const found: QuarantinedFile[] = []
    for (const { name } of entries) {
      if (!name.endsWith('.json')) continue
      const record = await read(join(folder, name))
      // Evidence without a file: the move did not happen, and the file is still where it was.
      if (record === null || !names.has(record.path.slice(FOLDER.length + 1))) continue
      const { accepted, ...file } = record
      if (accepted === true && (await isStored(file.sha256, file.bytes))) await remove(file)
      else found.push(file)
    }
    return found.sort((a, b) => a.quarantinedAt - b.quarantinedAt)
  }

  async function read(path: string): Promise<Kept | null> {
    try {
      const text = new TextDecoder().decode(await files.readWhole(path))
      return recordSchema.parse(JSON.parse(text))
    } catch (error) {
      host.log.warn('A record of the quarantine cannot be read', { path, because: String(error) })
      return null
    }
  }

  const write = (record: Kept): Promise<void> =>
    files.writeWhole(join(folder, `${record.id}.json`), `${JSON.stringify(record, null, 2)}\n`)

  /** The file first: evidence without a file is nothing, a file without evidence would be a riddle. */
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
        const stat = await files.stat(from)
        const id = `${file.sha256.slice(0, 12)}-${file.jobId.slice(0, 8).replace(/[^\w-]/g, '_')}`
        const path = `${FOLDER}/${id}.pdf`
        const record: QuarantinedFile = { ...file, id, path, bytes: stat?.bytes ?? 0 }
        await write(record)
        await files.rename(from, join(root, path))
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
