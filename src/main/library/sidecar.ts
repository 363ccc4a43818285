/**
 * The sidecar of a part: the web file of its bytes, and how many of them are durable. Invariant: a sidecar
 * that is not completely readable is treated as missing, and a part without a sidecar has no trusted bytes.
 */
import { z } from 'zod'
import { jsonOrNull } from '../../contract/unknown-values'
import { isDeviceName } from '../platform/recorded-path'
import { sha256Hex } from '../platform/sha256'

export const sidecarSchema = z.object({
  v: z.literal(1),
  jobId: z.string(),
  url: z.string(),
  etag: z.string().nullable(),
  lastModified: z.string().nullable(),
  totalBytes: z.number().int().nonnegative().nullable(),
  /** id of the boot in which the bytes were written; empty when unknown */
  bootId: z.string(),
  /** bytes from the start that were synced and so survive a power cut */
  syncedBytes: z.number().int().nonnegative()
})
export type Sidecar = z.infer<typeof sidecarSchema>

export function readSidecar(text: string): Sidecar | null {
  return sidecarSchema.safeParse(jsonOrNull(text)).data ?? null
}

/**
 * How many bytes of the part may be trusted. In the boot that wrote them, all that the kernel has; after
 * another boot only the synced ones, since the rest may be zeros of the right length (defect 22).
 */
export function trustedBytes(sidecar: Sidecar, sizeOnDisk: number, bootId: string): number {
  return sidecar.bootId === bootId ? sizeOnDisk : Math.min(sizeOnDisk, sidecar.syncedBytes)
}

const PLAIN = /^[0-9a-z][0-9a-z_-]{0,63}$/

/** Sheaf's own job ids are hexadecimal; others may contain anything and are hashed. One name per id. */
export function stagingName(jobId: string): string {
  if (PLAIN.test(jobId) && !isDeviceName(jobId)) return jobId
  return `x${sha256Hex(jobId).slice(0, 40)}`
}
