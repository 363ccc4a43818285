/**
 * A secret as a file of the data folder holds it: sealed by the system's keychain where there is one, else as
 * it is. A sealed one cannot be read on the command line.
 */
import { z } from 'zod'

/** Seals a text for this user on this machine (Electron's `safeStorage`); absent on the command line. */
export interface Sealer {
  seal(text: string): Promise<string>
  /** null when it was sealed elsewhere */
  open(sealed: string): Promise<string | null>
}
/**
 * Called only when a secret is sealed or opened: the system may ask for the user's consent. Null: there is no
 * keychain.
 */
export type FindSealer = () => Promise<Sealer | null>

export const NO_SEALER: FindSealer = () => Promise.resolve(null)

export const entrySchema = z.union([z.object({ plain: z.string() }), z.object({ sealed: z.string() })])
export type SecretEntry = z.infer<typeof entrySchema>

export async function entryOf(secret: string, sealer: FindSealer): Promise<SecretEntry> {
  const vault = await sealer()
  return vault === null ? { plain: secret } : { sealed: await vault.seal(secret) }
}

/** Null: it was sealed elsewhere, or there is no keychain. */
export async function secretOf(entry: SecretEntry, sealer: FindSealer): Promise<string | null> {
  return 'plain' in entry ? entry.plain : ((await (await sealer())?.open(entry.sealed)) ?? null)
}
