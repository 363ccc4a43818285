/**
 * A file dropped on the window: bytes without a path. It is in the data folder only while it is being
 * attached. Invariant: whatever name the page gives, nothing is written outside of that folder, and nothing
 * stays behind.
 */
import { trimEndOf } from '../../contract/scan'
import { join } from 'node:path'
import { fail } from '../../contract/errors'
import type { Files } from '../platform/files'
import { pdfHeaderAt } from '../platform/pdf-header'
import { isDeviceName } from '../platform/recorded-path'
import { sayBytes } from '../../contract/counted'

const FOLDER = 'tmp'
const MOST_SAME_NAMES = 100

/** Accepts PDF or XML by content; BAD_FILE names what it is not. */
export function refuseStrangers(name: string, bytes: Uint8Array): void {
  if (pdfHeaderAt(bytes) >= 0) return
  const head = new TextDecoder('latin1').decode(bytes.subarray(0, 1_024))
  if (/^(?:ï»¿)?\s*<(?:\?xml|!DOCTYPE\s+(?!html)|article)\b/i.test(head)) return
  const what =
    bytes.byteLength === 0 ? 'is empty' : `(${sayBytes(bytes.byteLength)}) is neither a PDF nor XML`
  fail('BAD_FILE', `“${plainName(name)}” ${what}.`, { hint: 'Attach the paper as a PDF.' })
}

/**
 * The name without folders, control characters and characters that some systems refuse; never empty, of
 * limited length.
 */
export function plainName(name: string): string {
  const last = name.split(/[\\/]/).at(-1) ?? ''
  const readable = last
    .slice(0, 1_000)
    .normalize('NFC')
    .replace(/[\p{C}<>:"|?*]/gu, ' ')
    .replace(/\s+/g, ' ')
    .trim()
    .replace(/^\.+/, '')
  const safe = trimEndOf(readable, /[. ]/)
  const short = Array.from(safe).slice(0, 80).join('')
  return isDeviceName(short) || short === '' ? `file ${short}`.trim() : short
}

/** Gives the bytes a path during `use`. */
export async function asFile<T>(
  files: Files,
  dataDir: string,
  file: { readonly name: string; readonly bytes: Uint8Array },
  use: (path: string) => Promise<T>
): Promise<T> {
  const folder = join(dataDir, FOLDER)
  await files.makeFolder(folder)
  const path = await freeName(files, folder, plainName(file.name))
  try {
    await files.writeWhole(path, file.bytes)
    return await use(path)
  } finally {
    await files.remove(path)
  }
}

/** The name of the n-th file with this name; it is kept whole, since it may contain the DOI. */
export function numbered(name: string, nth: number): string {
  return nth === 1 ? name : `${String(nth)} ${name}`
}

async function freeName(files: Files, folder: string, name: string): Promise<string> {
  for (let number = 1; number <= MOST_SAME_NAMES; number += 1) {
    const path = join(folder, numbered(name, number))
    if ((await files.stat(path)) === null) return path
  }
  return fail('FOLDER_UNUSABLE', 'The folder for files that were dropped is full of files of the same name.')
}
