/**
 * API keys of services: from the environment, else from `keys.json` in the data folder, which only its owner
 * may read. In the app a value is first sealed by the system's keychain; a sealed value cannot be read on the
 * command line. A key is passed only to the source that needs it: no function here puts one into a message.
 */
import { z } from 'zod'
import { fail } from '../../contract/errors'
import { KEY_NAMES, KEYS, type KeyName, type KeyStanding } from '../../contract/keys'
import type { Files } from '../platform/files'
import type { Environment } from './environment'
import { readPrivateFile, writePrivateFile } from './private-file'
import { entryOf, entrySchema, NO_SEALER, secretOf, type FindSealer } from './sealed-entry'

export interface Keys {
  readonly get: (name: KeyName) => string | null
  readonly list: () => readonly KeyStanding[]
  set(name: KeyName, value: string): Promise<void>
  /** False when there was none. */
  remove(name: KeyName): Promise<boolean>
}

const fileSchema = z.object({ keys: z.partialRecord(z.enum(KEY_NAMES), entrySchema) })
type Kept = z.infer<typeof fileSchema>['keys']

export interface KeysParts {
  readonly files: Files
  readonly env: Environment
  readonly dataDir: string
  readonly sealer?: FindSealer
}

/** Reads the stored keys. A file that is not readable as keys is refused by name and never overwritten. */
export async function openKeys(parts: KeysParts): Promise<Keys> {
  const { files, env, dataDir, sealer = NO_SEALER } = parts
  const path = `${dataDir}/keys.json`
  let kept = await readKept(files, path)
  const opened = await openedOf(kept, sealer)
  const write = async (next: Kept): Promise<void> => {
    await writePrivateFile(files, path, { keys: next })
    kept = next
  }
  const keptValue = (name: KeyName): string | null => {
    const entry = kept[name]
    if (entry === undefined) return null
    return 'plain' in entry ? entry.plain : (opened.get(name) ?? null)
  }
  const fromEnvironment = (name: KeyName): string | null => {
    for (const variable of KEYS[name].variables) {
      const value = env[variable]?.trim()
      if (value !== undefined && isKey(value)) return value
    }
    return null
  }
  return {
    get: (name) => fromEnvironment(name) ?? keptValue(name),
    list: () =>
      KEY_NAMES.map((service) => {
        const entry = kept[service]
        const inFile = entry === undefined ? null : 'plain' in entry ? ('file' as const) : ('sealed' as const)
        const { title, about, variables } = KEYS[service]
        const from = fromEnvironment(service) === null ? inFile : 'environment'
        const isUsable = (fromEnvironment(service) ?? keptValue(service)) !== null
        return { service, title, about, variable: variables[0], from, isUsable }
      }),
    async set(name, value) {
      const key = value.trim()
      if (!isKey(key))
        fail(
          'BAD_SETTING',
          `This is no key for ${KEYS[name].title}: one line of 4 to 1000 characters without spaces.`
        )
      await write({ ...kept, [name]: await entryOf(key, sealer) })
      opened.set(name, key)
    },
    async remove(name) {
      if (kept[name] === undefined) return false
      const rest = Object.fromEntries(Object.entries(kept).filter(([one]) => one !== name))
      await write(rest)
      return true
    }
  }
}

/** Opens the sealed keys; null for one that was sealed elsewhere. */
async function openedOf(kept: Kept, sealer: FindSealer): Promise<Map<KeyName, string | null>> {
  const opened = new Map<KeyName, string | null>()
  for (const name of KEY_NAMES) {
    const entry = kept[name]
    if (entry !== undefined && 'sealed' in entry) opened.set(name, await secretOf(entry, sealer))
  }
  return opened
}

function isKey(text: string): boolean {
  return /^[\x21-\x7e]{4,1000}$/.test(text)
}

async function readKept(files: Files, path: string): Promise<Kept> {
  const hint = 'Move it away, then set the keys again.'
  const read = await readPrivateFile(files, path, { schema: fileSchema, what: 'keys', hint })
  return read?.keys ?? {}
}

/** Parses the name of a service: `semantic-scholar`, `Semantic Scholar`, `s2`. */
export function keyName(text: string): KeyName {
  const bare = text
    .trim()
    .toLowerCase()
    .replace(/[\s-]+/g, '_')
  const short: Readonly<Record<string, KeyName>> = {
    s2: 'semantic_scholar',
    springer_nature: 'springer',
    pubmed: 'ncbi'
  }
  const found =
    KEY_NAMES.find((name) => name === bare) ?? (Object.hasOwn(short, bare) ? short[bare] : undefined)
  return found ?? fail('BAD_OPTION', `“${text}” takes no key; it must be one of ${KEY_NAMES.join(', ')}.`)
}
