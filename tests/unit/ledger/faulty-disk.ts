/**
 * A real disk that can fail or hang. Every change of a file is a numbered step. `refuse` decides before each
 * step whether and how it fails. From step `dieAt` on no step happens and no call returns, as after a power
 * cut.
 */
import type { FileHandle, Files } from '../../../src/main/platform/files'
import { nodeFiles } from '../../../src/main/platform/node-files'

export interface Step {
  readonly what: 'write' | 'sync' | 'aside' | 'rename' | 'link' | 'remove' | 'create' | 'open' | 'truncate'
  readonly path: string
  /** how many bytes this step would add to the disk */
  readonly bytes: number
}

export interface FaultyDisk {
  readonly files: Files
  readonly steps: Step[]
  /** null: the step succeeds; an Error: it fails with it; 'half': it writes a part and then fails */
  refuse: (step: Step, index: number) => NodeJS.ErrnoException | 'half' | null
  dieAt: number | null
  dead: boolean
  /** A power cut: bytes appended and not synced are lost, except `keep` of them. */
  powerCut(keep?: number): Promise<void>
}

export function systemError(code: string): NodeJS.ErrnoException {
  return Object.assign(new Error(`${code}: made up by a test`), { code })
}

export function makeFaultyDisk(base: Files = nodeFiles): FaultyDisk {
  const steps: Step[] = []
  /** for each file that is appended to, how many bytes are synced */
  const synced = new Map<string, number>()
  const never = new Promise<never>(() => undefined)
  /** Resolves to true when the step must write a part only. */
  const pass = async (what: Step['what'], path: string, bytes = 0): Promise<boolean> => {
    if (disk.dead) return await never
    const step: Step = { what, path, bytes }
    const index = steps.push(step) - 1
    if (disk.dieAt !== null && index >= disk.dieAt) {
      disk.dead = true
      return await never
    }
    const verdict = disk.refuse(step, index)
    if (verdict === null) return false
    if (verdict === 'half') return true
    throw verdict
  }
  const wrap = (handle: FileHandle, path: string): FileHandle => ({
    read: (position, length) => handle.read(position, length),
    size: () => handle.size(),
    close: () => handle.close(),
    async write(bytes, position) {
      if (await pass('write', path, bytes.length)) {
        await handle.write(bytes.subarray(0, bytes.length >> 1), position)
        throw systemError('ENOSPC')
      }
      await handle.write(bytes, position)
    },
    async truncate(bytes) {
      await pass('truncate', path)
      await handle.truncate(bytes)
    },
    async sync() {
      await pass('sync', path)
      await handle.sync()
      synced.set(path, await handle.size())
    }
  })
  let asides = 0
  const appear = async (
    path: string,
    bytes: number,
    fill: (aside: string) => Promise<void>
  ): Promise<void> => {
    asides += 1
    const aside = `${path}.${String(asides)}.tmp`
    await pass('aside', path, bytes)
    await fill(aside)
    try {
      await pass('rename', path)
    } catch (error) {
      await base.remove(aside)
      throw error
    }
    await base.rename(aside, path)
  }
  const files: Files = {
    ...base,
    async open(path, mode) {
      if (mode === 'create' || mode === 'overwrite') await pass('create', path)
      else if (mode !== 'read') await pass('open', path)
      else if (disk.dead) return await never
      const handle = await base.open(path, mode)
      // A file written whole was synced before its rename.
      if (mode === 'append') synced.set(path, await handle.size())
      return wrap(handle, path)
    },
    writeWhole: (path, content) => {
      const bytes =
        typeof content === 'string' || content instanceof Uint8Array ? Buffer.byteLength(content) : 0
      return appear(path, bytes, (aside) => base.writeWhole(aside, content))
    },
    copyWhole: (from, to) => appear(to, 0, (aside) => base.copyWhole(from, aside)),
    async rename(from, to) {
      await pass('rename', to)
      await base.rename(from, to)
    },
    async link(existing, path) {
      await pass('link', path)
      await base.link(existing, path)
    },
    async remove(path) {
      await pass('remove', path)
      await base.remove(path)
    }
  }
  const disk: FaultyDisk = {
    files,
    steps,
    refuse: () => null,
    dieAt: null,
    dead: false,
    async powerCut(keep = 0) {
      disk.dead = true
      for (const [path, bytes] of synced) {
        const stat = await base.stat(path)
        if (stat === null || stat.bytes <= bytes) continue
        const handle = await base.open(path, 'update')
        await handle.truncate(Math.min(stat.bytes, bytes + keep))
        await handle.close()
      }
    }
  }
  return disk
}
