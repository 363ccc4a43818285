/** Completion scripts for shells, generated from the table of commands. Pure. */
import { optionName, type OptionSpec } from './option-spec'
import type { ShellName } from './invocation'

/** The parts of a command used for completion. */
interface CommandShape {
  readonly name: string
  readonly about: string
  readonly arguments: readonly { readonly name: string }[]
  readonly options: readonly OptionSpec[]
}

export interface Completed {
  readonly commands: readonly CommandShape[]
  /** accepted by every command */
  readonly common: readonly OptionSpec[]
}

export function completionFor(shell: ShellName, from: Completed): string {
  switch (shell) {
    case 'bash':
      return bash(from)
    case 'zsh':
      return `#compdef sheaf\nautoload -U +X bashcompinit && bashcompinit\n${bash(from)}`
    case 'fish':
      return fish(from)
    default:
      return shell satisfies never
  }
}

const optionsOf = ({ options }: CommandShape, { common }: Completed): readonly OptionSpec[] => [
  ...options,
  ...common
]

/** The values in an option's description: “one of a, b”. */
function valuesOf(spec: OptionSpec): readonly string[] {
  const list = /^one (?:or more )?of (.+)$/.exec(spec.allowed?.() ?? '')?.[1] ?? ''
  return list.split(', ').filter((word) => /^[\w.-]+$/.test(word))
}

/** `<list|accept|reject>`: the values of the command's first argument. */
function actionsOf({ arguments: [first] }: CommandShape): readonly string[] {
  const words = /^[<[]([a-z|]+)[>\]]$/.exec(first?.name ?? '')?.[1] ?? ''
  return words.includes('|') || words === 'export' || words === 'link' || words === 'missing'
    ? words.split('|')
    : []
}

function bash(from: Completed): string {
  const names = from.commands.map(({ name }) => name)
  const values = from.commands.flatMap((command) =>
    optionsOf(command, from).flatMap((option) => {
      const words = valuesOf(option)
      return words.length === 0
        ? []
        : [`    ${command.name}:${optionName(option)}) words=${quoted(words.join(' '))} ;;`]
    })
  )
  const options = from.commands.map(
    (command) => `    ${command.name}) words=${quoted(optionsOf(command, from).map(optionName).join(' '))} ;;`
  )
  const actions = from.commands.flatMap((command) => {
    const words = actionsOf(command)
    return words.length === 0 ? [] : [`    ${command.name}) words=${quoted(words.join(' '))} ;;`]
  })
  return `_sheaf() {
  local cur="\${COMP_WORDS[COMP_CWORD]}" prev="\${COMP_WORDS[COMP_CWORD-1]}" command="" words="" i
  COMPREPLY=()
  for ((i = 1; i < COMP_CWORD; i++)); do
    case "\${COMP_WORDS[i]}" in
    ${names.join('|')}) command="\${COMP_WORDS[i]}"; break ;;
    esac
  done
  if [ -z "$command" ]; then
    COMPREPLY=($(compgen -W ${quoted(`${names.join(' ')} help`)} -- "$cur"))
    return
  fi
  case "$command:$prev" in
${values.join('\n')}
  esac
  if [ -n "$words" ]; then
    COMPREPLY=($(compgen -W "$words" -- "$cur"))
    return
  fi
  case "$cur" in
  -*)
    case "$command" in
${options.join('\n')}
    esac
    COMPREPLY=($(compgen -W "$words" -- "$cur"))
    return ;;
  esac
  if [ "$prev" = "$command" ]; then
    case "$command" in
${actions.join('\n')}
    esac
  fi
  COMPREPLY=($(compgen -W "$words" -- "$cur") $(compgen -f -- "$cur"))
}
complete -o filenames -F _sheaf sheaf
`
}

function fish(from: Completed): string {
  const lines = from.commands.flatMap((command) => {
    const within = `complete -c sheaf -n ${quoted(`__fish_seen_subcommand_from ${command.name}`)}`
    const actions = actionsOf(command)
    return [
      `complete -c sheaf -n __fish_use_subcommand -f -a ${command.name} -d ${quoted(command.about)}`,
      ...(actions.length === 0 ? [] : [`${within} -a ${quoted(actions.join(' '))}`]),
      ...optionsOf(command, from).map((option) => {
        const words = valuesOf(option)
        const value =
          option.allowed === undefined ? '' : words.length === 0 ? ' -r' : ` -x -a ${quoted(words.join(' '))}`
        return `${within} -l ${optionName(option).slice(2)}${value} -d ${quoted(option.about)}`
      })
    ]
  })
  return `${lines.join('\n')}\n`
}

/** Quotes for all supported shells. */
const quoted = (text: string): string => `'${text.replaceAll('\\', ' ').replaceAll("'", '’')}'`
