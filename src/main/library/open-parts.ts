/**
 * The parts that are open for writing: each sync is noted in the part's sidecar, and bytes that wait are written every
 * few milliseconds. The timer runs only while a part is open.
 */
import type { FileHandle } from '../platform/files'
import type { Host } from '../platform/host'
import type { Part } from './library'
import { PartFile, type Begun } from './part-file'
import type { Sidecar } from './sidecar'
import type { Sidecars } from './sidecars'

const FLUSH_EVERY_MS = 20

export class OpenParts {
  readonly #host: Host
  readonly #sidecars: Pick<Sidecars, 'replace'>
  readonly #open = new Set<PartFile>()
  #stopTimer: (() => void) | null = null

  constructor(host: Host, sidecars: Pick<Sidecars, 'replace'>) {
    this.#host = host
    this.#sidecars = sidecars
  }

  /** The part owns the handle from now on. */
  add(file: { readonly path: string; readonly handle: FileHandle }, first: Sidecar, begun?: Begun): Part {
    let sidecar = first
    const part: PartFile = new PartFile(
      file,
      {
        written: () => {
          this.#host.probe('STREAM: part written')
        },
        complete: () => {
          this.#host.probe('STREAM: part complete')
        },
        synced: async (bytes) => {
          // The sidecar may be late or missing: it then only understates the durable bytes.
          sidecar = { ...sidecar, syncedBytes: bytes }
          await this.#sidecars.replace(sidecar).catch((error: unknown) => {
            this.#host.log.debug('A sidecar could not be brought up to date', {
              path: file.path,
              because: String(error)
            })
          })
        },
        distrusted: async () => {
          sidecar = { ...sidecar, bootId: '' }
          await this.#sidecars.replace(sidecar)
        },
        closed: () => {
          this.#remove(part)
        }
      },
      begun
    )
    this.#open.add(part)
    this.#stopTimer ??= this.#host.clock.every(FLUSH_EVERY_MS, () => {
      for (const one of this.#open) one.flushAged()
    })
    return part
  }

  #remove(part: PartFile): void {
    this.#open.delete(part)
    if (this.#open.size > 0) return
    this.#stopTimer?.()
    this.#stopTimer = null
  }
}
