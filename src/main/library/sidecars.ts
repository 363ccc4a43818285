/**
 * The sidecars of a staging folder: written beside their parts, and remembered as this process wrote them, since the
 * facts of a job are requested several times. None is synced: until the first sync of the part no byte survives a
 * power cut anyway, and a lost sidecar only means starting again.
 */
import { join } from 'node:path'
import { isSheafError } from '../../contract/errors'
import { systemCode, type Files } from '../platform/files'
import { readSidecar, stagingName, type Sidecar } from './sidecar'

/** An address, a validator and some numbers; Node accepts headers of at most 16 kB. */
const MOST_BYTES = 262_144

export class Sidecars {
  readonly #files: Files
  readonly #folder: string
  readonly #written = new Map<string, Sidecar>()

  constructor(files: Files, folder: string) {
    this.#files = files
    this.#folder = folder
  }

  path(jobId: string): string {
    return join(this.#folder, `${stagingName(jobId)}.json`)
  }

  /** Whether this process wrote the sidecar of this job. */
  wrote(jobId: string): boolean {
    return this.#written.has(jobId)
  }

  /** Null when there is none, or when it names another job. */
  async of(jobId: string): Promise<Sidecar | null> {
    const sidecar = this.#written.get(jobId) ?? (await this.read(this.path(jobId)))
    return sidecar?.jobId === jobId ? sidecar : null
  }

  /** Null when there is none, and when the file of that name is not a sidecar: a link, or far too long. */
  async read(path: string): Promise<Sidecar | null> {
    try {
      if (((await this.#files.stat(path))?.bytes ?? 0) > MOST_BYTES) return null
      return readSidecar(new TextDecoder().decode(await this.#files.readWhole(path)))
    } catch (error) {
      if (systemCode(error) === 'ENOENT' || isSheafError(error, 'FILE_UNWRITABLE')) return null
      throw error
    }
  }

  /** Throws EEXIST when there is one. */
  async create(sidecar: Sidecar): Promise<void> {
    await this.#writeNew(this.path(sidecar.jobId), sidecar, 'create')
    this.#written.set(sidecar.jobId, sidecar)
  }

  /**
   * Replaces it by a rename: a reader sees the old one or the new one. One that a power cut left unreadable counts as
   * missing.
   */
  async replace(sidecar: Sidecar): Promise<void> {
    const path = this.path(sidecar.jobId)
    await this.#writeNew(`${path}.new`, sidecar, 'overwrite')
    await this.#files.move(`${path}.new`, path)
    this.#written.set(sidecar.jobId, sidecar)
  }

  /** The file is read again when it is needed. */
  forget(jobId: string): void {
    this.#written.delete(jobId)
  }

  async #writeNew(path: string, sidecar: Sidecar, mode: 'create' | 'overwrite'): Promise<void> {
    const handle = await this.#files.open(path, mode)
    try {
      await handle.write(Buffer.from(JSON.stringify(sidecar)), 0)
    } finally {
      await handle.close()
    }
  }
}
