/**
 * `sheaf serve`: the loopback API of the browser companion without the app; received papers are downloaded by
 * this process.
 */
import { join } from 'node:path'
import { fail } from '../../../contract/errors'
import type { WorkDraft } from '../../../contract/work'
import type { CompanionServer } from '../../companion/server'
import { orAborted } from '../../platform/or-aborted'
import { openCompanionToken, TOKEN_FILE, type CompanionToken } from '../../settings/companion-token'
import type { Sheaf } from '../../sheaf-api'
import { assertRemembers, print, tell, withSheaf, type CommandContext } from '../command-context'
import { EXIT, type ExitStatus } from '../exit-status'
import type { RequestOf } from '../invocation'
import { RunLoop } from '../../sheaf-run-loop'

export function serve(context: CommandContext, request: RequestOf<'serve'>): Promise<ExitStatus> {
  return withSheaf(context, async ({ sheaf, loaded }) => {
    assertRemembers(sheaf, 'serve takes papers that are remembered')
    const token = await tokenFor(context, request.newToken)
    await sheaf.reconcile({ verifyHashes: false, quick: true, why: 'start' }, context.signal)
    await sheaf.companion.sweep()
    let fault: ((error: unknown) => void) | undefined
    const faulted = new Promise<never>((_, reject) => {
      fault = reject
    })
    const { clock } = context.host
    const loop = new RunLoop({
      sheaf,
      clock,
      paused: false,
      onChange: () => undefined,
      onFault: (error) => fault?.(error)
    })
    const server = await open(context, sheaf, {
      port: request.port ?? loaded.settings['companion.port'],
      token,
      wake: () => {
        loop.wake()
      }
    })
    const quiet = sheaf.on((line) => {
      context.lines?.write(line)
    })
    try {
      const url = `http://127.0.0.1:${String(server.port)}`
      const file = join(context.dataDir, TOKEN_FILE)
      context.lines?.write({ type: 'listening', port: server.port, url, token_file: file })
      print(context, url)
      tell(
        context,
        `The browser companion is answered on port ${String(server.port)}. Its token is in ${file}.`
      )
      loop.begin()
      await orAborted(faulted, context.signal).catch((error: unknown) => {
        if (!context.signal.aborted) throw error
      })
    } finally {
      await loop.close()
      quiet()
      await server.close()
    }
    return EXIT.interrupted
  })
}

async function tokenFor(context: CommandContext, isNew: boolean): Promise<CompanionToken> {
  const { files, random } = context.host
  const token = await openCompanionToken({
    files,
    dataDir: context.dataDir,
    hex: (bytes) => random.hex(bytes)
  })
  if (token.isUnreadable && !isNew)
    fail('BAD_FILE', `The token in ${join(context.dataDir, TOKEN_FILE)} is sealed by the app.`, {
      hint: 'serve --new-token makes one that both can read; then give it to the companion.'
    })
  if (isNew || token.value === null) await token.renew()
  return token
}

async function open(
  context: CommandContext,
  sheaf: Sheaf,
  how: { readonly port: number; readonly token: CompanionToken; readonly wake: () => void }
): Promise<CompanionServer> {
  const { listen, logFaults } = await import('../../companion/server')
  const { port, token, wake } = how
  const plan = async (drafts: readonly WorkDraft[], list: string | undefined, signal: AbortSignal) => {
    const formats = sheaf.options.settings['files.formats']
    await sheaf.plan({ drafts, formats, ...(list === undefined ? {} : { list: { name: list } }) }, signal)
    wake()
  }
  const server = await listen(
    { sheaf, version: context.version, plan, onFile: wake },
    { port, token: () => token.value, onFault: logFaults(context.host.log) }
  )
  if (typeof server !== 'string') return server
  const because = server === 'PORT_IN_USE' ? 'is used by another program' : 'may not be used'
  return fail('BAD_OPTION', `Port ${String(port)} ${because}.`, { hint: 'Give another one with --port.' })
}
