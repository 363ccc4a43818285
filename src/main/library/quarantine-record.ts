/**
 * The record of a file in quarantine, as JSON beside it. A record is valid only for that file: `<id>.json` for
 * `<id>.pdf`, regardless of its other fields.
 */
import { join } from 'node:path'
import { z } from 'zod'
import type { Files } from '../platform/files'
import type { Host } from '../platform/host'
import { isSha256 } from '../platform/recorded-path'
import type { QuarantinedFile } from './library'

export const QUARANTINE_FOLDER = 'quarantine'

const ID = /^[0-9A-Za-z][0-9A-Za-z_-]{0,99}$/
const MOST_RECORD_BYTES = 1_048_576

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
  .refine((record) => record.path === fileOf(record.id), 'it names another file')

/** `accepted`: it leaves the quarantine once its object is stored. */
export type QuarantineRecord = QuarantinedFile & { readonly accepted?: boolean | undefined }

/** The file of a record, relative to the folder that contains the quarantine. */
export function fileOf(id: string): string {
  return `${QUARANTINE_FOLDER}/${id}.pdf`
}

/** Null, with a warning in the log, for a record that cannot be used. */
export async function readRecord(
  host: Pick<Host, 'files' | 'log'>,
  folder: string,
  name: string
): Promise<QuarantineRecord | null> {
  const path = join(folder, name)
  try {
    if (((await host.files.stat(path))?.bytes ?? 0) > MOST_RECORD_BYTES) throw new Error('it is far too long')
    const text = new TextDecoder().decode(await host.files.readWhole(path))
    const record = recordSchema.parse(JSON.parse(text))
    if (name !== `${record.id}.json`) throw new Error('it has the name of another record')
    return record
  } catch (error) {
    host.log.warn('A record of the quarantine cannot be used', { path, because: String(error) })
    return null
  }
}

export function writeRecord(
  files: Pick<Files, 'writeWhole'>,
  folder: string,
  record: QuarantineRecord
): Promise<void> {
  return files.writeWhole(join(folder, `${record.id}.json`), `${JSON.stringify(record, null, 2)}\n`)
}
