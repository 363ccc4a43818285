/**
 * `sheaf keys set|list|remove`: API keys of services. A value is read from standard input and never shown.
 */
import { KEYS, type KeyStanding } from '../../../contract/keys'
import { keyName, openKeys } from '../../settings/keys'
import { fail } from '../../../contract/errors'
import { EXIT, type ExitStatus } from '../exit-status'
import type { RequestOf } from '../invocation'
import { print, tell, type CommandContext } from '../command-context'
import { columns } from '../wording'

export async function keys(context: CommandContext, request: RequestOf<'keys'>): Promise<ExitStatus> {
  const { action } = request
  const kept = await openKeys({ files: context.host.files, env: context.host.env, dataDir: context.dataDir })
  if (action.kind === 'list') {
    const all = kept.list()
    for (const standing of all) writeLine(context, standing)
    print(context, columns(all.map((one) => [one.service, stateOf(one), one.about])))
    return EXIT.done
  }
  const name = keyName(action.service)
  if (action.kind === 'set') {
    const text = Buffer.from(await context.readStandardInput()).toString('utf8')
    if (text.trim() === '')
      fail('BAD_OPTION', 'keys set reads the key from standard input, and nothing came.')
    await kept.set(name, text)
  } else if (!(await kept.remove(name))) {
    tell(context, `No key of ${KEYS[name].title} was kept.`)
  }
  const standing = kept.list().find((one) => one.service === name)
  if (standing === undefined) return EXIT.done
  writeLine(context, standing)
  print(context, `${standing.service} ${stateOf(standing)}`)
  return EXIT.done
}

function writeLine(context: CommandContext, { service, from, isUsable, variable, about }: KeyStanding): void {
  context.lines?.write({ type: 'key', service, set: from !== null, from, usable: isUsable, variable, about })
}

function stateOf({ from, isUsable, variable }: KeyStanding): string {
  switch (from) {
    case 'environment':
      return `set (${variable})`
    case 'file':
      return 'set'
    case 'sealed':
      return isUsable ? 'set' : 'set in the app'
    case null:
      return 'not set'
  }
}
