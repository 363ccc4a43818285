/** Checks whether the folders are usable, with a file that is removed again. */
import { dirname, join } from 'node:path'
import { codeOrMessage, type Files } from '../../platform/files'
import type { Host } from '../../platform/host'
import { bytesInWords } from '../wording'
import type { Check } from './doctor-checks'

export async function checkFolder(host: Host, name: string, folder: string, option: string): Promise<Check> {
  const { files } = host
  const there = await existing(files, folder)
  if (there === null) {
    return {
      name,
      verdict: 'fail',
      found: `${folder} has no folder above it`,
      hint: `Give another with ${option}.`
    }
  }
  const probe = probeIn(host, there)
  try {
    await files.writeWhole(probe, 'may be removed\n')
    return { name, verdict: 'ok', found: there === folder ? folder : `${folder} (made at the first start)` }
  } catch (error) {
    const because = codeOrMessage(error)
    return {
      name,
      verdict: 'fail',
      found: `${there} cannot be written (${because})`,
      hint: `Mend its permissions, or give another with ${option}.`
    }
  } finally {
    await files.remove(probe).catch(() => undefined)
  }
}

/** Readable names are hard links where the system supports them; else copies, at twice the space. */
export async function checkLinks(host: Host, library: string): Promise<Check> {
  const { files } = host
  const name = 'hard links'
  const there = await existing(files, library)
  if (there === null) return { name, verdict: 'warn', found: 'not looked at' }
  const [one, two] = [probeIn(host, there), probeIn(host, there)]
  try {
    await files.writeWhole(one, 'may be removed\n')
    await files.link(one, two)
    return { name, verdict: 'ok', found: 'a paper is stored once under both its names' }
  } catch {
    return {
      name,
      verdict: 'warn',
      found: 'not possible here: every paper is stored twice',
      hint: 'A folder on another file system saves that space.'
    }
  } finally {
    await files.remove(one).catch(() => undefined)
    await files.remove(two).catch(() => undefined)
  }
}

const LITTLE_BYTES = 1e9
const TOO_LITTLE_BYTES = 1e8

export async function checkFreeSpace(files: Files, library: string): Promise<Check> {
  const name = 'free space'
  const there = await existing(files, library)
  const free = there === null ? null : await files.freeBytes(there)
  if (free === null) return { name, verdict: 'ok', found: 'the system does not say' }
  const found = `${bytesInWords(free)} where the library is`
  if (free >= LITTLE_BYTES) return { name, verdict: 'ok', found }
  const hint = 'Free some space, or give another folder with --out.'
  return { name, verdict: free < TOO_LITTLE_BYTES ? 'fail' : 'warn', found, hint }
}

const probeIn = ({ random }: Host, folder: string): string => join(folder, `.sheaf-doctor-${random.hex(6)}`)

/** The folder itself, or the nearest existing parent. */
async function existing(files: Files, folder: string): Promise<string | null> {
  for (let path = folder; ; path = dirname(path)) {
    const facts = await files.stat(path).catch(() => null)
    if (facts !== null) return facts.isFile ? null : path
    if (dirname(path) === path) return null
  }
}
