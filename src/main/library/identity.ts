/**
 * `.sheaf/library.json`: the id of a library folder, independent of its path, and the ledger that used it
 * last. Written atomically. An unreadable file is reported as damaged, never treated as "no library".
 */
import { join } from 'node:path'
import { z } from 'zod'
import { systemCode, type Files } from '../platform/files'

const ownerSchema = z.object({
  /** `_meta.ledger_id` of the ledger */
  ledger: z.string().min(1).max(200),
  /** absolute path of its data folder, on `host` */
  data_dir: z.string().max(4096),
  host: z.string().max(300),
  /** epoch seconds */
  since: z.number()
})
const identitySchema = z.object({
  id: z.string().regex(/^[\w-]{8,64}$/),
  /** epoch seconds */
  created: z.number(),
  owner: ownerSchema.optional().catch(undefined)
})
export type LibraryOwner = z.output<typeof ownerSchema>
export type LibraryIdentity = z.output<typeof identitySchema>

/** The state of a library folder's path. */
export type IdentityFound =
  | { readonly kind: 'identity'; readonly identity: LibraryIdentity }
  /** the folder exists and has no id */
  | { readonly kind: 'none' }
  | { readonly kind: 'damaged' }
  | { readonly kind: 'no_folder' }

const NAME = '.sheaf/library.json'
/** A library.json is a few hundred bytes; a larger file is something else. */
const MOST_BYTES = 65_536

export async function readIdentity(files: Files, root: string): Promise<IdentityFound> {
  const path = join(root, NAME)
  const stat = await files.stat(path)
  if (stat === null) {
    // The folder itself may be reached through a symbolic link.
    return { kind: (await files.realPath(root)) === null ? 'no_folder' : 'none' }
  }
  if (!stat.isFile || stat.bytes > MOST_BYTES) return { kind: 'damaged' }
  try {
    const text = new TextDecoder().decode(await files.readWhole(path))
    return { kind: 'identity', identity: identitySchema.parse(JSON.parse(text)) }
  } catch (error) {
    if (systemCode(error) === 'ENOENT') return { kind: 'none' }
    if (systemCode(error) !== null) throw error
    return { kind: 'damaged' }
  }
}

export async function writeIdentity(files: Files, root: string, identity: LibraryIdentity): Promise<void> {
  await files.writeWhole(join(root, NAME), `${JSON.stringify(identity, null, 2)}\n`)
}
