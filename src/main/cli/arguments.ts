/**
 * Parses the command line. Options are accepted before and after the command; every error is a BAD_OPTION
 * that names the option and what is allowed (exit 2), with the nearest command or option where one is
 * similar. Nothing is read or written here.
 */
import { Command, CommanderError, Option } from 'commander'
import { resolve } from 'node:path'
import { fail } from '../../contract/errors'
import type { SettingOverrides } from '../settings/load-settings'
import { COMMANDS, type CommandSpec } from './command-table'
import type { Invocation, Request, Shown } from './invocation'
import { ENGINE_OPTIONS, policiesOf } from './engine-options'
import { newDraft, optionName, refuseMissing, takeOption, type Draft, type OptionSpec } from './option-spec'
import { COMMON_OPTIONS } from './options'
import { capital } from './wording'

export function readArguments(argv: readonly string[], version: string): Invocation | Shown {
  const draft = newDraft()
  const shown: string[] = []
  const made: Request[] = []
  const program = buildProgram(version, shown, draft, (request) => {
    made.push(request)
  })
  try {
    program.parse(leadingOptionsLast(argv), { from: 'user' })
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error
    if (error.exitCode === 0) return { kind: 'shown', text: shown.join('') }
    refuse(error)
  }
  const request = made[0]
  if (request === undefined) {
    return fail('BAD_OPTION', `No command was given; it must be ${oneOfCommands()}.`)
  }
  return invocation(request, draft)
}

function buildProgram(
  version: string,
  shown: string[],
  draft: Draft,
  done: (request: Request) => void
): Command {
  const program = settle(new Command('sheaf'), shown)
    .description('Plans and runs downloads of papers on your own machine, exactly once.')
    .usage('<command> [selectors] [options]')
    .version(version, '--version', 'show the version')
    .helpCommand('help [command]', 'show the help of a command')
    .addHelpText('after', EXAMPLES)
  for (const spec of COMMANDS) {
    const command = settle(program.command(spec.name), shown).description(spec.about)
    for (const argument of spec.arguments) command.argument(argument.name, argument.about)
    addOptions(command, spec.options, draft, spec.optionsTitle)
    addOptions(command, COMMON_OPTIONS, draft, 'Common options:')
    addOptions(command, ENGINE_OPTIONS, draft, 'Settings for this time:', !spec.showsEngineOptions)
    command.action((...given: unknown[]) => {
      done(spec.request(words(given, spec), draft))
    })
  }
  return program
}

const EXAMPLES = `
Examples:
  sheaf demo
  sheaf run --doi 10.7717/peerj.4375 --mailto you@example.org
  sheaf run --from reading-list.bib --out ~/Papers --enable-idempotency
  sheaf plan --topic "coral reefs" --year-start 2020 --oa-only --max 200
  sheaf jobs --state FAILED

sheaf <command> --help shows the options of a command.`

function settle(command: Command, shown: string[]): Command {
  return command
    .exitOverride()
    .showSuggestionAfterError(true)
    .helpOption('--help', 'show this help')
    .configureOutput({ writeOut: (text) => shown.push(text), writeErr: () => undefined })
    .configureHelp({ optionDescription: helpOf })
}

function addOptions(
  command: Command,
  specs: readonly OptionSpec[],
  draft: Draft,
  title: string,
  hidden = false
): void {
  command.optionsGroup(title)
  for (const spec of specs) {
    const option = new Option(spec.flags, spec.about)
    specOf.set(option, spec)
    command.addOption(hidden ? option.hideHelp() : option)
    command.on(`option:${option.name()}`, (text: unknown) => {
      takeOption(spec, typeof text === 'string' ? text : '', draft)
    })
  }
}

/** The allowed values are put into words only for help, since that takes longer than parsing. */
const specOf = new WeakMap<Option, OptionSpec>()
function helpOf(option: Option): string {
  const spec = specOf.get(option)
  return spec === undefined ? option.description : aboutWithValues(spec)
}

/** Help without the allowed values would have to be looked up twice. */
function aboutWithValues({ about, allowed }: OptionSpec): string {
  const values = allowed?.() ?? ''
  const says = /\bof\b|\bfrom \S+ to\b|\bsuch as\b|\bor\b/.test(values)
  return says && !about.includes(values) ? `${about.replace(/\.$/, '')}; ${values}` : about
}

function words(given: readonly unknown[], spec: CommandSpec): string[] {
  // A repeatable argument (`<path...>`) is passed as a list.
  return given.slice(0, spec.arguments.length).flatMap((word): string[] => {
    if (Array.isArray(word)) return word.filter((one): one is string => typeof one === 'string')
    return typeof word === 'string' ? [word] : []
  })
}

const ALL_OPTIONS: readonly OptionSpec[] = [
  ...new Set([...COMMANDS.flatMap((command) => command.options), ...COMMON_OPTIONS, ...ENGINE_OPTIONS])
]

/** `--json run …` means `run --json …`: options before the command are moved behind it. */
function leadingOptionsLast(argv: readonly string[]): string[] {
  let at = 0
  let allKnown = true
  while (at < argv.length && argv[at]?.startsWith('-')) {
    const word = argv[at] ?? ''
    if (['--help', '--version', '--'].includes(word)) break
    const spec = ALL_OPTIONS.find((option) => optionName(option) === word)
    allKnown &&= spec !== undefined
    at += spec?.allowed === undefined ? 1 : 2
  }
  const command = argv[at]
  if (command === undefined && allKnown) return []
  if (command === undefined || at === 0 || command.startsWith('-')) return [...argv]
  return [command, ...argv.slice(at + 1), ...argv.slice(0, at)]
}

const oneOfCommands = (): string => `one of ${COMMANDS.map((c) => c.name).join(', ')}`

function refuse(error: CommanderError): never {
  const flags = /'(--[^']+)'/.exec(error.message)?.[1]
  const spec = flags === undefined ? undefined : ALL_OPTIONS.find((option) => option.flags === flags)
  if (error.code === 'commander.optionMissingArgument' && spec) refuseMissing(spec)
  if (error.code === 'commander.help') {
    fail('BAD_OPTION', `No command was given; it must be ${oneOfCommands()}.`)
  }
  const unknown = /^error: unknown command '(.*)'/.exec(error.message)?.[1]
  if (error.code === 'commander.unknownCommand' && unknown !== undefined) {
    const meant = /Did you mean .*\?/.exec(error.message)?.[0]
    fail(
      'BAD_OPTION',
      `Unknown command “${unknown}”; it must be ${oneOfCommands()}.${meant === undefined ? '' : ` ${meant}`}`
    )
  }
  const [first = '', ...more] = error.message.replace(/^error: /, '').split('\n')
  const sentence = capital(first)
  fail('BAD_OPTION', [sentence.endsWith('.') ? sentence : `${sentence}.`, ...more].join(' ').trim())
}

function invocation(request: Request, draft: Draft): Invocation {
  const switches = [...new Set(draft.switches)]
  if (switches.length > 1) {
    fail('BAD_OPTION', `${switches.join(' and ')} contradict each other; give one of them.`)
  }
  const out = draft.out === undefined ? null : resolve(draft.out)
  if (out !== null) draft.values['files.library'] = out
  const policies = policiesOf(draft)
  const overrides: SettingOverrides = {
    values: draft.values,
    plan: { ...draft.planFields, ...(policies === null ? {} : { policies }) },
    ...(draft.onlyTiers === undefined ? {} : { onlyTiers: draft.onlyTiers }),
    ...(draft.tierParallel === undefined ? {} : { tierParallel: draft.tierParallel }),
    ...(draft.rateOfEveryHost === undefined ? {} : { rateOfEveryHost: draft.rateOfEveryHost }),
    ...(Object.keys(draft.rates).length === 0 ? {} : { rates: draft.rates }),
    ...(draft.planFile === undefined ? {} : { planFile: resolve(draft.planFile) }),
    ...(draft.planPreset === undefined ? {} : { planPreset: draft.planPreset })
  }
  return {
    kind: 'invocation',
    request,
    out,
    dataDir: draft.dataDir === undefined ? null : resolve(draft.dataDir),
    overrides,
    newLibrary: draft.flags.has('new-library'),
    json: draft.flags.has('json'),
    quiet: draft.flags.has('quiet'),
    logLevel: draft.logLevel ?? null
  }
}
