/**
 * The definition of an option: its syntax, meaning, allowed values, and effect on the draft of a command
 * line. A wrong value is refused with the option's name and what is allowed.
 */
import type { CitationLocale } from '../../contract/citation-styles'
import { fail } from '../../contract/errors'
import type { STATES, SourceName, Tier } from '../../contract/words'
import type { ReportFormat } from '../insights/report/write-report'
import type { TelemetryFormat } from '../insights/telemetry/write-telemetry'
import type { LogLevel } from '../platform/log'
import type { PlanPreset } from '../settings/plan-presets'
import type { PlainValues } from '../settings/settings-file'
import type { LinkStyle } from '../works/works'
import type { TopicSearch } from '../sheaf-requests'
import type { ExportFormat, Given, Preview } from './invocation'
import { listOf } from './option-values'

type Writable<T> = { -readonly [K in keyof T]: T[K] }

/**
 * The options parsed so far. Size: one member for each option with a value.
 */
export interface Draft {
  readonly given: Given[]
  readonly search: Writable<TopicSearch>
  readonly values: PlainValues
  readonly planFields: Record<string, unknown>
  readonly rates: Record<string, number>
  readonly switches: string[]
  readonly states: (typeof STATES)[number][]
  readonly reasons: string[]
  readonly jobIds: string[]
  readonly disabled: SourceName[]
  readonly flags: Set<string>
  onlySources?: readonly SourceName[]
  onlyTiers?: readonly Tier[]
  tierParallel?: Readonly<Partial<Record<Tier, number>>>
  rateOfEveryHost?: number
  planFile?: string
  planPreset?: PlanPreset
  out?: string
  dataDir?: string
  logLevel?: LogLevel
  preview?: Preview
  text?: string
  limit?: number
  offset?: number
  format?: ExportFormat
  output?: string
  as?: string
  list?: string
  reportFormat?: ReportFormat
  telemetryFormat?: TelemetryFormat
  linkStyle?: LinkStyle
  collection?: string
  zoteroData?: string
  zoteroUrl?: string
  relativeTo?: string
  sinceSeconds?: number
  watch?: string
  port?: number
  citeStyle?: string
  citeFormat?: 'text' | 'html'
  locale?: CitationLocale
}

export function newDraft(): Draft {
  return {
    given: [],
    search: {},
    values: {},
    planFields: {},
    rates: {},
    switches: [],
    states: [],
    reasons: [],
    jobIds: [],
    disabled: [],
    flags: new Set()
  }
}

export interface OptionSpec {
  /** in commander's syntax: `--workers <n>` */
  readonly flags: string
  readonly about: string
  /** a phrase after "must be"; absent for options without a value */
  readonly allowed?: () => string
  /** false when the value is not allowed */
  readonly take: (text: string, draft: Draft) => boolean
}

/** Stores one value, or refuses it in a sentence. */
export function takeOption(spec: OptionSpec, text: string, draft: Draft): void {
  if (spec.allowed !== undefined && text.startsWith('--')) refuseMissing(spec)
  if (spec.take(text, draft)) return
  fail(
    'BAD_OPTION',
    `${optionName(spec)} cannot be “${text}”; it must be ${spec.allowed?.() ?? 'given alone'}.`
  )
}

export function refuseMissing(spec: OptionSpec): never {
  fail('BAD_OPTION', `${optionName(spec)} needs a value; it must be ${spec.allowed?.() ?? 'given alone'}.`)
}

export function optionName(spec: OptionSpec): string {
  return spec.flags.split(/[ ,]/, 1)[0] ?? spec.flags
}

type Take = (text: string, draft: Draft) => unknown

/** An option whose parser returns null (or false) when the text is not allowed. */
export const option = (
  flags: string,
  allowed: string | (() => string),
  about: string,
  take: Take
): OptionSpec => ({
  flags,
  about,
  allowed: typeof allowed === 'string' ? () => allowed : allowed,
  take: (text, draft) => {
    const took = take(text, draft)
    return took !== null && took !== false
  }
})

export const flag = (flags: string, about: string, take: (draft: Draft) => void): OptionSpec => ({
  flags,
  about,
  take: (_, draft) => {
    take(draft)
    return true
  }
})

/** An option whose value is any text that is not empty. */
export const textOption = (
  flags: string,
  allowed: string,
  about: string,
  take: (text: string, draft: Draft) => void
): OptionSpec =>
  option(flags, allowed, about, (text, draft) => {
    if (notEmpty(text) === null) return false
    take(text, draft)
    return true
  })

/** An option whose value is one word of a closed list. */
export const choice = <T extends string>(
  flags: string,
  words: readonly T[],
  about: string,
  take: (word: T, draft: Draft) => void
): OptionSpec =>
  option(flags, `one of ${words.join(', ')}`, about, (text, draft) => {
    const [word, ...more] = listOf(text, words) ?? []
    if (word === undefined || more.length > 0) return false
    take(word, draft)
    return true
  })

export const notEmpty = (text: string): string | null => (text.trim() === '' ? null : text)
