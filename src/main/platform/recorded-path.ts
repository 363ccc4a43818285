/**
 * From a name that was recorded (a row, a line of the library file, a quarantine record, a foreign
 * ledger) to a path relative to the library. Everything that such a name says is hostile until it has
 * passed here. Pure; whether a link lies on the way is looked at by `inside-folder.ts` when the path
 * is used. The same names are accepted on every system, so that a library moved from one to another
 * never gains a name that means something else there.
 */
import { createHash } from 'node:crypto'

/** Longest name of one file or folder: what ext4, APFS and NTFS take, in bytes of UTF-8. */
const MOST_NAME_BYTES = 255
const MOST_PATH_BYTES = 1_024
const MOST_DEPTH = 6

/**
 * What no name may hold: control characters, separators of any system, and what Windows forbids; the
 * colon would name a drive or an alternate data stream there. Source: Microsoft, “Naming Files, Paths,
 * and Namespaces”.
 */
// eslint-disable-next-line no-control-regex -- control characters are what is looked for
const FORBIDDEN = /[\u0000-\u001f\u007f<>:"/\\|?*]/
/** Devices, whatever extension follows; superscript digits count as digits there. Same source. */
const DEVICE = /^(?:con|prn|aux|nul|conin\$|conout\$|com[0-9¹²³]|lpt[0-9¹²³])(?:\.|$)/i

/** Is this the name of one file or folder, on every system, and of nothing else? */
export function isPlainName(name: string): boolean {
  if (name === '' || name === '.' || name === '..' || FORBIDDEN.test(name)) return false
  // Windows drops these, so that `..␠` would be `..`.
  if (/[. ]$/.test(name) || DEVICE.test(name)) return false
  return !/\p{Surrogate}/u.test(name) && Buffer.byteLength(name) <= MOST_NAME_BYTES
}

/** The parts of a relative path with forward slashes, or null when it is anything else. */
export function partsOfPath(path: string): readonly string[] | null {
  if (path.length > MOST_PATH_BYTES || Buffer.byteLength(path) > MOST_PATH_BYTES) return null
  const parts = path.split('/')
  return parts.length <= MOST_DEPTH && parts.every(isPlainName) ? parts : null
}

const OBJECT = /^objects\/([0-9a-f]{2})\/([0-9a-f]{64})\.(?:pdf|xml|html)$/

/** `objects/ab/<sha256>.<format>`: the stored file of a hash, and of this one when one is given. */
export function isObjectPath(path: string, expected?: string): boolean {
  const [, shard, sha256] = OBJECT.exec(path) ?? []
  if (shard === undefined || sha256?.startsWith(shard) !== true) return false
  return expected === undefined || sha256 === expected
}

/** `papers/…/<name>.<format>`: the readable name of a stored file. */
export function isPaperPath(path: string): boolean {
  if (!path.startsWith('papers/') || !/\.(?:pdf|xml|html)$/.test(path)) return false
  return partsOfPath(path) !== null
}

/** A SHA-256 as Sheaf writes it: 64 lower-case hex digits. */
export function isSha256(text: string): boolean {
  return /^[0-9a-f]{64}$/.test(text)
}

/**
 * Where the object of a row lies. A row that names any other file names none: its object is looked for
 * under its hash, and found missing when the hash is no hash either.
 */
export function objectPathOfRow(
  path: string,
  row: { readonly sha256: string; readonly format: string }
): string {
  if (isObjectPath(path, row.sha256)) return path
  const sha256 = isSha256(row.sha256) ? row.sha256 : createHash('sha256').update(row.sha256).digest('hex')
  return `objects/${sha256.slice(0, 2)}/${sha256}.${row.format}`
}

/** The readable name of a row, or null when it names a file that Sheaf would never have named. */
export function paperPathOfRow(path: string | null): string | null {
  return path !== null && isPaperPath(path) ? path : null
}
