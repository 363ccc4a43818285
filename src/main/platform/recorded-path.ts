/**
 * Converts a recorded name (a row, a line of the library file, a quarantine record, a foreign ledger) to a
 * path relative to the library. The name is untrusted until it has passed here. Pure; `inside-folder.ts`
 * checks for links when the path is used. The same names are accepted on every system, so that a library
 * moved to another system never contains a name with another meaning there.
 */
import { sha256Hex } from './sha256'

/** Maximum length of a file or folder name on ext4, APFS and NTFS, in bytes of UTF-8. */
const MOST_NAME_BYTES = 255
const MOST_PATH_BYTES = 1_024
const MOST_DEPTH = 6

/**
 * Characters that no name may contain: control characters (all before the space, and DEL), separators of any
 * system, and those that Windows forbids; there the colon would denote a drive or an alternate data stream.
 * Source: Microsoft, “Naming Files, Paths, and Namespaces”.
 */
const FORBIDDEN = /[^ -\uffff]|[\u007f<>:"/\\|?*]/
/** Device names, with any extension, also after spaces; superscript digits count as digits. Same source. */
const DEVICE = /^(?:con|prn|aux|nul|conin\$|conout\$|clock\$|com[0-9¹²³]|lpt[0-9¹²³]) *(?:\.|$)/i

/** A name that Windows keeps for a device, whatever its extension. */
export function isDeviceName(name: string): boolean {
  return DEVICE.test(name)
}

/** Is this the name of a single file or folder on every system? */
export function isPlainName(name: string): boolean {
  if (name === '' || name === '.' || name === '..' || FORBIDDEN.test(name)) return false
  // Windows drops trailing dots and spaces, so that `..␠` would be `..`.
  if (/[. ]$/.test(name) || isDeviceName(name)) return false
  return !/\p{Surrogate}/u.test(name) && Buffer.byteLength(name) <= MOST_NAME_BYTES
}

/** The parts of a relative path with forward slashes; null for anything else. */
export function partsOfPath(path: string): readonly string[] | null {
  if (path.length > MOST_PATH_BYTES || Buffer.byteLength(path) > MOST_PATH_BYTES) return null
  const parts = path.split('/')
  return parts.length <= MOST_DEPTH && parts.every(isPlainName) ? parts : null
}

/** `objects/ab/<sha256>.<format>` */
export function objectPath(sha256: string, format: string): string {
  return `objects/${sha256.slice(0, 2)}/${sha256}.${format}`
}

const OBJECT = /^objects\/([0-9a-f]{2})\/([0-9a-f]{64})\.(?:pdf|xml|html)$/

/** The hash in the path of an object; null for any other path. */
export function hashOfObjectPath(path: string): string | null {
  const [, shard, sha256] = OBJECT.exec(path) ?? []
  return shard !== undefined && sha256?.startsWith(shard) === true ? sha256 : null
}

/** Is this the path of an object, of the given hash if there is one? */
export function isObjectPath(path: string, expected?: string): boolean {
  const sha256 = hashOfObjectPath(path)
  return sha256 !== null && (expected === undefined || sha256 === expected)
}

/** `papers/…/<name>.<format>`: the readable name of a stored file. */
export function isPaperPath(path: string): boolean {
  if (!path.startsWith('papers/') || !/\.(?:pdf|xml|html)$/.test(path)) return false
  return partsOfPath(path) !== null
}

/** A SHA-256 in Sheaf's format: 64 lower-case hex digits. */
export function isSha256(text: string): boolean {
  return /^[0-9a-f]{64}$/.test(text)
}

/**
 * The path of a row's object. When the row contains any other path, the path is derived from its hash; an
 * invalid hash leads to a path that does not exist.
 */
export function objectPathOfRow(
  path: string,
  row: { readonly sha256: string; readonly format: string }
): string {
  if (isObjectPath(path, row.sha256)) return path
  const sha256 = isSha256(row.sha256) ? row.sha256 : sha256Hex(row.sha256)
  return objectPath(sha256, row.format)
}

/** The readable name of a row, or null when Sheaf would not have chosen it. */
export function paperPathOfRow(path: string | null): string | null {
  return path !== null && isPaperPath(path) ? path : null
}
