/**
 * `sheaf doctor`: checks everything that downloads depend on, one by one, with the next step for each
 * failure. It changes nothing: test files are removed.
 */
import { join } from 'node:path'
import { EXIT, type ExitStatus } from '../exit-status'
import { libraryDirOf, print, settingsFor, tell, type CommandContext } from '../command-context'
import { columns } from '../wording'
import { checkContact, checkNode, checkSwitch, type Check } from './doctor-checks'
import { checkFolder, checkFreeSpace, checkLinks } from './doctor-disk'
import { checkLedger } from './doctor-ledger'
import { checkLibrary } from './doctor-library'
import { checkSources } from './doctor-network'

export async function doctor(context: CommandContext): Promise<ExitStatus> {
  const loaded = await settingsFor(context)
  const library = libraryDirOf(context, loaded)
  const { files } = context.host
  const ledger = await checkLedger(context)
  const checks: Check[] = [
    checkNode(context.nodeVersion),
    await checkFolder(context.host, 'data folder', context.dataDir, '--data-dir'),
    (await checkLibrary(context, library)) ?? (await checkFolder(context.host, 'library', library, '--out')),
    await checkLinks(context.host, library),
    await checkFreeSpace(files, library),
    ...ledger.checks,
    ...loaded.problems.map((problem): Check => ({
      name: 'settings',
      verdict: 'warn',
      found: problem.message,
      hint: `Correct it in ${join(context.dataDir, 'settings.json')}, in the environment or in the plan file.`
    })),
    checkSwitch(loaded),
    checkContact(loaded.settings['general.mailto']),
    ...(await checkSources(context, loaded.settings))
  ]
  for (const check of checks) context.lines?.write({ type: 'check', ...check })
  print(context, columns(checks.flatMap(rows)))
  const failed = checks.filter((check) => check.verdict === 'fail').length
  const warned = checks.filter((check) => check.verdict === 'warn').length
  tell(context, failed + warned === 0 ? '\nAll is well.' : `\n${failed} wrong, ${warned} worth a look.`)
  if (ledger.status !== EXIT.done) return ledger.status
  return failed > 0 ? EXIT.unexpected : EXIT.done
}

function rows(check: Check): string[][] {
  const row = [check.verdict === 'ok' ? '  ok' : check.verdict, check.name, check.found]
  return check.hint === undefined ? [row] : [row, ['', '', `→ ${check.hint}`]]
}
