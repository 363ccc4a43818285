/**
 * `manifest.jsonl`: one line a finished work. Appending the same artifact twice changes nothing, so
 * that it may be done again after a crash; concurrent appends share one write and one sync; a torn
 * last line is cut off before anything follows it.
 */
import { join } from 'node:path'
import { z } from 'zod'
import type { ManifestEntry } from './library'
import { lineOf } from './manifest-papers'
import type { Host } from '../platform/host'
import { onDisk } from './disk-trouble'

export interface Manifest {
  /** Durable on return. */
  append(entry: ManifestEntry): Promise<void>
  drop(artifactIds: readonly string[]): Promise<void>
  /** Throws when no line could be appended now. */
  proveWritable(): Promise<void>
}

interface Waiting {
  readonly entry: ManifestEntry
  readonly done: () => void
  readonly failed: (error: unknown) => void
}

const lineSchema = z.looseObject({ artifact_id: z.string(), sha256: z.string() })

export function makeManifest(host: Host, root: string): Manifest {
  const { files } = host
  const path = join(root, 'manifest.jsonl')
  /** artifact → hash, of every whole line there is */
  let listed: Map<string, string> | null = null
  let waiting: Waiting[] = []
  let tail: Promise<unknown> = Promise.resolve()

  /** One at a time: appends and rewrites never meet. */
  function inTurn<T>(work: () => Promise<T>): Promise<T> {
    const mine = tail.then(work, work)
    tail = mine.catch(() => undefined)
    return mine
  }

  async function load(): Promise<Map<string, string>> {
    if (listed !== null) return listed
    const there = await files.stat(path)
    const bytes = there === null ? new Uint8Array() : await files.readWhole(path)
    const end = bytes.lastIndexOf(0x0a) + 1
    if (there !== null && there.links > 1) {
      // A second name (a backup by hard links, or a planted one) keeps what it has: this one gets its own file.
      await files.writeWhole(path, bytes.subarray(0, end))
    } else if (end < bytes.length) {
      host.log.warn('The last line of the manifest was torn and is cut off', { path })
      const handle = await files.open(path, 'update')
      try {
        await handle.truncate(end)
        await handle.sync()
      } finally {
        await handle.close()
      }
    }
    listed = new Map()
    for (const line of new TextDecoder().decode(bytes.subarray(0, end)).split('\n')) {
      const known = idsIn(line)
      if (known !== null) listed.set(known.artifact_id, known.sha256)
    }
    return listed
  }

  async function flush(): Promise<void> {
    const group = waiting
    waiting = []
    if (group.length === 0) return
    try {
      await onDisk(path, async () => {
        const known = await load()
        const fresh = group.filter(
          ({ entry }) => known.get(entry.artifact.artifactId) !== entry.artifact.sha256
        )
        const replaced = fresh.filter(({ entry }) => known.has(entry.artifact.artifactId))
        if (replaced.length > 0)
          await rewriteWithout(new Set(replaced.map(({ entry }) => entry.artifact.artifactId)))
        if (fresh.length === 0) return
        const isNew = (await files.stat(path)) === null
        const handle = await files.open(path, 'append')
        try {
          await handle.write(
            Buffer.from(fresh.map(({ entry }) => `${JSON.stringify(lineOf(entry))}\n`).join('')),
            null
          )
          host.probe('INDEX: manifest appended')
          await handle.sync()
        } catch (error) {
          // What was half written is found and cut off when the file is read again.
          listed = null
          throw error
        } finally {
          await handle.close()
        }
        if (isNew) await files.syncFolder(root)
        for (const { entry } of fresh) known.set(entry.artifact.artifactId, entry.artifact.sha256)
      })
      for (const one of group) one.done()
    } catch (error) {
      for (const one of group) one.failed(error)
    }
  }

  async function rewriteWithout(artifactIds: ReadonlySet<string>): Promise<void> {
    const text = new TextDecoder().decode(await files.readWhole(path))
    const kept = text.split('\n').filter((line) => {
      const known = idsIn(line)
      return line !== '' && (known === null || !artifactIds.has(known.artifact_id))
    })
    await files.writeWhole(path, kept.map((line) => `${line}\n`).join(''))
    for (const id of artifactIds) listed?.delete(id)
  }

  return {
    append(entry) {
      return new Promise((done, failed) => {
        waiting.push({ entry, done, failed })
        void inTurn(flush)
      })
    },
    proveWritable() {
      return inTurn(() =>
        onDisk(path, async () => {
          const isNew = (await files.stat(path)) === null
          await (await files.open(path, 'append')).close()
          if (isNew) await files.remove(path)
        })
      )
    },
    drop(artifactIds) {
      return inTurn(() =>
        onDisk(path, async () => {
          const known = await load()
          const wanted = artifactIds.filter((id) => known.has(id))
          if (wanted.length > 0) await rewriteWithout(new Set(wanted))
        })
      )
    }
  }
}

function idsIn(line: string): { artifact_id: string; sha256: string } | null {
  try {
    return lineSchema.parse(JSON.parse(line))
  } catch {
    // A line that a person wrote or damaged: it stays, and counts for nothing.
    return null
  }
}
