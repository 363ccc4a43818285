/**
 * Parts and their sidecars: which bytes may be trusted after a kill, a power cut or a full disk (G3, G6,
 * defect 22).
 */
import { createHash } from 'node:crypto'
import {
  appendFileSync,
  existsSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  truncateSync,
  utimesSync,
  writeFileSync
} from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { SheafError } from '../../../src/contract/errors'
import { stagingName } from '../../../src/main/library/sidecar'
import { StagingFolder } from '../../../src/main/library/staging'
import type { Files } from '../../../src/main/platform/files'
import type { Host } from '../../../src/main/platform/host'
import { nodeFiles } from '../../../src/main/platform/node-files'
import { tempFolder } from '../../kit/temp-folder'
import { testHost } from '../../kit/test-host'
import { changedHandle } from '../../kit/changed-handle'
import { waitFor } from '../../kit/wait-for'

const JOB = '0123456789abcdef0123456789abcdef'
const MIB = 1_048_576
const source = { url: 'https://a.example/x.pdf', validator: { etag: '"v1"' }, totalBytes: 3 * MIB }
const sha = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex')
const noise = (length: number): Buffer => {
  const block = Buffer.alloc(length)
  for (let at = 0; at < length; at += 1) block[at] = (at * 31 + (at >> 8)) & 0xff
  return block
}

interface Staged {
  readonly staging: StagingFolder
  readonly folder: string
  readonly probes: string[]
  readonly advance: (seconds: number) => void
}
function open(folder = tempFolder('staging'), boot = 'boot-1', files: Files = nodeFiles): Staged {
  const base = testHost({ files })
  const probes: string[] = []
  const host: Host = {
    ...base,
    identity: { ...base.identity, bootId: boot },
    probe: (name) => probes.push(name)
  }
  mkdirSync(folder, { recursive: true })
  return {
    staging: new StagingFolder(host, folder),
    folder,
    probes,
    advance: (seconds) => {
      base.clock.advance(seconds)
    }
  }
}

test('a missing part is looked up on disk at most once within a short time; a new part is found at once', async () => {
  let looks = 0
  const { staging, advance } = open(undefined, undefined, {
    ...nodeFiles,
    stat: (path) => {
      if (path.endsWith('.part')) looks += 1
      return nodeFiles.stat(path)
    }
  })
  expect(await staging.facts(JOB)).toBeNull()
  expect(await staging.facts(JOB)).toBeNull()
  expect(looks).toBe(1)
  advance(3)
  expect(await staging.facts(JOB)).toBeNull()
  expect(looks).toBe(2)
  const part = await staging.begin(JOB, source)
  await part.write(noise(MIB))
  await part.close()
  expect(await staging.facts(JOB)).toMatchObject({ url: source.url })
})

test('bytes, hash and sidecar of a part that was written whole', async () => {
  const { staging, probes } = open()
  const bytes = noise(700_000)
  const part = await staging.begin(JOB, source)
  for (let at = 0; at < bytes.length; at += 65_536) await part.write(bytes.subarray(at, at + 65_536))
  expect(await part.finish()).toEqual({ sha256: sha(bytes), bytes: bytes.length })
  await part.close()
  await part.close()
  expect(readFileSync(staging.path(JOB)).equals(bytes)).toBe(true)
  expect(await staging.facts(JOB)).toEqual({ ...source, bytes: bytes.length })
  expect([probes[0], probes[1], probes.at(-1)]).toEqual([
    'STREAM: sidecar written',
    'STREAM: part written',
    'STREAM: part complete'
  ])
})

test('buffered bytes are written soon, although no block is full', async () => {
  const { staging, advance } = open()
  const part = await staging.begin(JOB, source)
  await part.write(noise(1_000))
  expect((await staging.facts(JOB))?.bytes).toBe(0)
  advance(0.1)
  await expect.poll(async () => (await staging.facts(JOB))?.bytes).toBe(1_000)
  await part.close()
})

test('a part closed half way and continued by another process has the bytes and hash of one stream', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.integer({ min: 1, max: 400_000 }), { minLength: 1, maxLength: 6 }),
      fc.nat({ max: 5 }),
      async (sizes, cut) => {
        const { staging, folder } = open()
        const chunks = sizes.map((size, index) => noise(size + index))
        const whole = Buffer.concat(chunks)
        const first = await staging.begin(JOB, source)
        for (const chunk of chunks.slice(0, cut)) await first.write(chunk)
        await first.close()
        const later = open(folder).staging
        const second = await later.resume(JOB)
        expect(second.bytes).toBe(Buffer.concat(chunks.slice(0, cut)).length)
        for (const chunk of chunks.slice(cut)) await second.write(chunk)
        expect(await second.finish()).toEqual({ sha256: sha(whole), bytes: whole.length })
        await second.close()
      }
    ),
    { numRuns: 12 }
  )
})

describe('after a crash', () => {
  async function halfWritten(folder: string, bytes: number): Promise<void> {
    const { staging } = open(folder)
    const part = await staging.begin(JOB, source)
    for (let at = 0; at < bytes; at += 262_144) await part.write(noise(Math.min(262_144, bytes - at)))
    await part.close()
  }

  test('in the same boot every byte that the kernel has is trusted', async () => {
    const folder = tempFolder('staging')
    await halfWritten(folder, 500_000)
    appendFileSync(join(folder, `${JOB}.part`), noise(5_000))
    expect((await open(folder).staging.facts(JOB))?.bytes).toBe(505_000)
  })

  test('defect 22: after another boot only synced bytes are trusted, not zeros of the right length', async () => {
    const folder = tempFolder('staging')
    await halfWritten(folder, 2 * MIB)
    truncateSync(join(folder, `${JOB}.part`), 3 * MIB)
    const { staging } = open(folder, 'boot-2')
    expect((await staging.facts(JOB))?.bytes).toBe(2 * MIB)
    const part = await staging.resume(JOB)
    await part.write(noise(10))
    expect((await part.finish()).bytes).toBe(2 * MIB + 10)
    await part.close()
    expect((await staging.facts(JOB))?.bytes).toBe(2 * MIB + 10)
  })

  test('a large part is synced when it has grown by a sixteenth, so that a power cut costs no more', async () => {
    const folder = tempFolder('staging')
    let size = 0
    let synced = 0
    let syncs = 0
    let running = Promise.resolve()
    const files: Files = {
      ...nodeFiles,
      async open(path, mode, rights) {
        const handle = await nodeFiles.open(path, mode, rights)
        if (!path.endsWith('.part')) return handle
        return changedHandle(handle, {
          async write(bytes, position) {
            await handle.write(bytes, position)
            size += bytes.length
          },
          sync() {
            synced = size
            syncs += 1
            running = handle.sync()
            return running
          }
        })
      }
    }
    const { staging } = open(folder, 'boot-1', files)
    const part = await staging.begin(JOB, source)
    const piece = noise(262_144)
    for (let at = 0; at < 64 * MIB; at += piece.length) {
      await part.write(piece)
      // A slow disk may sync later; here each sync and its note end before the next piece.
      const covered = synced
      await running
      await waitFor('the sidecar says it', async () => {
        const known = (await open(folder, 'boot-2').staging.facts(JOB))?.bytes ?? 0
        return known >= covered
      })
    }
    await part.close()
    // One for each MiB would be 64.
    expect(syncs).toBeGreaterThan(20)
    expect(syncs).toBeLessThan(50)
    expect((await open(folder, 'boot-2').staging.facts(JOB))?.bytes).toBe(64 * MIB)
  })

  test('after another boot a part that was never synced is empty', async () => {
    const folder = tempFolder('staging')
    await halfWritten(folder, 100_000)
    expect((await open(folder, 'boot-2').staging.facts(JOB))?.bytes).toBe(0)
  })

  test.each(['', '{"v":1,"url":"https://a.ex', '{"v":2}', 'null', '\0\0\0\0'])(
    'a torn sidecar (%j) is none',
    async (text) => {
      const folder = tempFolder('staging')
      await halfWritten(folder, 100_000)
      writeFileSync(join(folder, `${JOB}.json`), text)
      const { staging } = open(folder)
      expect(await staging.facts(JOB)).toBeNull()
      await expect(staging.resume(JOB)).rejects.toThrow(SheafError)
      const part = await staging.begin(JOB, source)
      expect(part.bytes).toBe(0)
      await part.close()
    }
  )

  test('a new version begins at zero: nothing of the old one is left', async () => {
    const folder = tempFolder('staging')
    await halfWritten(folder, 2 * MIB)
    const { staging } = open(folder)
    const part = await staging.begin(JOB, { ...source, validator: { etag: '"v2"' } })
    await part.write(noise(10))
    await part.close()
    expect(await staging.facts(JOB)).toMatchObject({ bytes: 10, validator: { etag: '"v2"' } })
  })
})

describe('disk errors', () => {
  function failing(code: string, when: { write?: number; sync?: number }): Files {
    let writes = 0
    let syncs = 0
    const error = (): never => {
      throw Object.assign(new Error(code), { code })
    }
    return {
      ...nodeFiles,
      async open(path, mode) {
        const handle = await nodeFiles.open(path, mode)
        if (!path.endsWith('.part')) return handle
        return changedHandle(handle, {
          write: (bytes, position) =>
            (writes += 1) === when.write ? error() : handle.write(bytes, position),
          sync: () => ((syncs += 1) === when.sync ? error() : handle.sync())
        })
      }
    }
  }

  test.each([
    ['ENOSPC', 'DISK_FULL'],
    ['EDQUOT', 'DISK_FULL'],
    ['EROFS', 'DISK_READ_ONLY'],
    ['EIO', 'DISK_ERROR']
  ])('%s while writing is %s, and the bytes written before stay', async (system, code) => {
    const folder = tempFolder('staging')
    const { staging } = open(folder, 'boot-1', failing(system, { write: 2 }))
    const part = await staging.begin(JOB, source)
    const pour = async (): Promise<void> => {
      for (let n = 0; n < 8; n += 1) await part.write(noise(262_144))
      await part.finish()
    }
    await expect(pour()).rejects.toMatchObject({ code, message: expect.stringContaining(JOB) as string })
    await part.close()
    expect((await open(folder).staging.facts(JOB))?.bytes).toBe(262_144)
  })

  test('after a failed sync only bytes synced before it are trusted', async () => {
    const folder = tempFolder('staging')
    const { staging } = open(folder, 'boot-1', failing('EIO', { sync: 1 }))
    const part = await staging.begin(JOB, source)
    await part.write(noise(1_000))
    await expect(part.finish()).rejects.toMatchObject({ code: 'DISK_ERROR' })
    await part.close()
    expect((await open(folder).staging.facts(JOB))?.bytes).toBe(0)
  })
})

describe('names and stray files', () => {
  test.each(['../../etc/passwd', 'ABC', 'con', 'a/b', 'a\\b', '', 'é', 'x'.repeat(200), 'job:1', '.hidden'])(
    'the foreign id %j stays in the folder',
    async (id) => {
      const { staging, folder } = open()
      expect(stagingName(id)).toMatch(/^x[0-9a-f]{40}$/)
      const part = await staging.begin(id, source)
      await part.close()
      expect(readdirSync(folder).length).toBe(2)
      expect((await staging.list()).map((one) => one.jobId)).toEqual([id])
      await staging.discard(id)
      expect(readdirSync(folder)).toEqual([])
    }
  )
  test('job ids are valid file names', () => {
    expect(stagingName(JOB)).toBe(JOB)
  })
  test('a part with a torn sidecar can be discarded by its listed name', async () => {
    const { staging, folder } = open()
    const part = await staging.begin('Foreign Id', source)
    await part.close()
    writeFileSync(join(folder, `${stagingName('Foreign Id')}.json`), '{')
    const [stray] = await staging.list()
    await staging.discard(stray?.jobId ?? '')
    expect(readdirSync(folder)).toEqual([])
  })
  test('old sidecars without a part are removed, recent ones stay', async () => {
    const { staging, folder } = open()
    writeFileSync(join(folder, 'aa.json'), '{}')
    writeFileSync(join(folder, 'bb.json'), '{}')
    const long = 1_700_000_000 - 7_200
    utimesSync(join(folder, 'aa.json'), long, long)
    expect(await staging.list()).toEqual([])
    expect(readdirSync(folder)).toEqual(['bb.json'])
  })
  test("a user's file becomes a part named by its hash, and stays in its place", async () => {
    const { staging, folder } = open()
    const own = join(tempFolder('own'), 'paper.pdf')
    writeFileSync(own, noise(1_500_000))
    const whole = await staging.takeIn(JOB, own, nodeFiles)
    expect(whole).toEqual({ sha256: sha(noise(1_500_000)), bytes: 1_500_000 })
    expect(await staging.facts(JOB)).toMatchObject({ url: `manual:${whole.sha256}`, bytes: 1_500_000 })
    expect(existsSync(own)).toBe(true)
    await staging.forget(JOB)
    expect(readdirSync(folder)).toEqual([`${JOB}.part`])
  })
})

test('a part that begins during a lookup on disk is seen afterwards', async () => {
  let release = (): void => undefined
  const held = new Promise<void>((resolve) => {
    release = resolve
  })
  let isFirst = true
  const slow: Files = {
    ...nodeFiles,
    stat: async (path) => {
      const answer = await nodeFiles.stat(path)
      if (isFirst) {
        isFirst = false
        await held
      }
      return answer
    }
  }
  const { staging } = open(tempFolder('staging'), 'boot-1', slow)
  const before = staging.facts(JOB)
  const part = await staging.begin(JOB, source)
  await part.write(noise(10))
  await part.close()
  release()
  expect(await before).toBeNull()
  expect((await staging.facts(JOB))?.bytes).toBe(10)
})
