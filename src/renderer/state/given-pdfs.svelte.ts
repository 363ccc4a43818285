/**
 * Dropped PDFs, single or in folders, passed to main one after another: the page holds the bytes of one file
 * at a time, however large the folder is.
 */
import { isHidden, kindOfFile } from '../../contract/file-kinds'
import { MOST_DROPPED_BYTES, MOST_FOLDER_DEPTH } from '../../contract/limits'
import { ask, errorOf } from '../bridge'
import { DROPS } from '../text/drops'
import { bytes } from '../text/figures'
import { toasts } from './toasts.svelte'

class GivenPdfs {
  #found = $state(0)
  #given = $state(0)
  /** number of stop requests */
  #stops = 0

  /** PDFs found so far in the dropped items; 0: none is being imported */
  get found(): number {
    return this.#found
  }
  get given(): number {
    return this.#given
  }

  async give(files: readonly File[], folders: readonly FileSystemDirectoryEntry[]): Promise<void> {
    const stops = this.#stops
    const isStopped = (): boolean => stops !== this.#stops
    this.#found += files.length
    const entries: FileSystemFileEntry[] = []
    for (const folder of folders)
      for await (const entry of pdfsIn(folder, 0)) {
        if (isStopped()) return
        entries.push(entry)
        this.#found += 1
      }
    if (files.length + entries.length === 0) toasts.warn(DROPS.none, DROPS.noneHint)
    for (const file of [...files, ...entries]) {
      if (isStopped()) return
      await this.#giveOne(file)
      if (isStopped()) return
      this.#given += 1
      if (this.#given >= this.#found) this.#found = this.#given = 0
    }
  }

  /** Skips the remaining files. */
  stop(): void {
    this.#stops += 1
    this.#found = this.#given = 0
  }

  async #giveOne(one: File | FileSystemFileEntry): Promise<void> {
    try {
      const file = one instanceof File ? one : await fileOf(one)
      if (file.size > MOST_DROPPED_BYTES) {
        toasts.warn(DROPS.tooLarge(file.name, bytes(MOST_DROPPED_BYTES)))
        return
      }
      await ask('imports.give', { name: file.name, bytes: new Uint8Array(await file.arrayBuffer()) })
    } catch (error) {
      toasts.say({
        tone: 'attention',
        text: `${one.name}: ${errorOf(error).message}`,
        hint: errorOf(error).hint
      })
    }
  }
}

async function* pdfsIn(folder: FileSystemDirectoryEntry, depth: number): AsyncGenerator<FileSystemFileEntry> {
  if (depth > MOST_FOLDER_DEPTH) return
  const reader = folder.createReader()
  for (;;) {
    // At most a hundred per call; an empty result is the end.
    const entries = await new Promise<FileSystemEntry[]>((resolve, reject) => {
      reader.readEntries(resolve, reject)
    }).catch(() => [])
    if (entries.length === 0) return
    for (const entry of entries) {
      if (isHidden(entry.name)) continue
      if (isFolder(entry)) yield* pdfsIn(entry, depth + 1)
      else if (isFile(entry) && kindOfFile(entry.name) === 'pdf') yield entry
    }
  }
}

const isFolder = (entry: FileSystemEntry): entry is FileSystemDirectoryEntry => entry.isDirectory
const isFile = (entry: FileSystemEntry): entry is FileSystemFileEntry => entry.isFile

const fileOf = (entry: FileSystemFileEntry): Promise<File> =>
  new Promise((resolve, reject) => {
    entry.file(resolve, reject)
  })

export const givenPdfs = new GivenPdfs()
