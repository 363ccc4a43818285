/** Results that go into a file (`--output`) or, without one, to standard output. */
import { resolve } from 'node:path'
import { fail } from '../../contract/errors'
import { codeOrMessage, type Files } from '../platform/files'
import type { CommandContext } from './command-context'

/** With --json standard output holds JSON Lines only; `lineFormat` is the format that is one. */
export function assertOutput(
  context: Pick<CommandContext, 'lines'>,
  { output, format }: { readonly output: string | null; readonly format: string },
  lineFormat: string
): void {
  if (context.lines === null || output !== null || format === lineFormat) return
  fail('BAD_OPTION', `--json leaves standard output to JSON Lines; give --output FILE for ${format}.`)
}

/** Ends early when the reader has left or the command is stopped. */
export async function printPieces(
  { out, signal }: CommandContext,
  pieces: AsyncIterable<Uint8Array>
): Promise<void> {
  for await (const piece of pieces) {
    if (signal.aborted || out.isBroken) return
    out.write(piece)
    await out.drained()
  }
}

/** Writes the file of `--output`; resolves to its full path. FOLDER_UNUSABLE. */
export async function writeOutput(
  { host }: CommandContext,
  output: string,
  content: Uint8Array | AsyncIterable<Uint8Array>
): Promise<string> {
  const path = resolve(output)
  try {
    await put(host.files, path, content)
  } catch (error) {
    fail('FOLDER_UNUSABLE', `${path} (--output) cannot be written: ${codeOrMessage(error)}.`, {
      cause: error
    })
  }
  return path
}

/**
 * A regular file is replaced atomically, and a link to it stays a link. Anything else (a pipe, a device, an
 * open descriptor by its name) is written into: replacing it would disconnect its reader.
 */
async function put(
  files: Files,
  path: string,
  content: Uint8Array | AsyncIterable<Uint8Array>
): Promise<void> {
  const real = (await files.realPath(path)) ?? path
  const there = await files.stat(real)
  const isWhole = (there === null || there.isFile || there.isFolder) && !DESCRIPTORS.test(path)
  if (isWhole) {
    await files.writeWhole(real, content)
    return
  }
  const handle = await files.open(path, 'into')
  try {
    if (content instanceof Uint8Array) await handle.write(content, null)
    else for await (const piece of content) await handle.write(piece, null)
  } finally {
    await handle.close()
  }
}

/** `/dev/stdout` and similar may refer to a file that another process holds open. */
const DESCRIPTORS = /^\/(dev|proc)\//
