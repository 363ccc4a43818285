/**
 * Every option of CLI.md, once: how it is written, what it means, what is allowed, and what it
 * changes. A wrong value is refused with the option's name and what is allowed; limits come from
 * the settings' own schemas.
 */
import { fail } from '../../contract/errors'
import { SETTINGS, fallbackPlanSchema, type SourcePolicy } from '../../contract/settings'
import { FORMATS, OFFLINE_BEHAVIOURS, SOURCES, STATES, type SourceName } from '../../contract/words'
import { LOG_LEVELS, type LogLevel } from '../platform/log'
import { allowedValues } from '../settings/allowed-values'
import { settingKey, takeValue } from '../settings/save-setting'
import { keep, type PlainKey, type PlainValues } from '../settings/settings-file'
import type { TopicSearch } from '../sheaf-door'
import {
  EXPORT_FORMATS,
  type ExportFormat,
  type Given,
  type IdentifierOption,
  type Preview
} from './invocation'
import { byteCount, hostRate, listOf, plainNumber, reroute, wholeNumber } from './option-values'

type Writable<T> = { -readonly [K in keyof T]: T[K] }

/** What options have said so far, while a command line is read. */
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
  rateOfEveryHost?: number
  planFile?: string
  out?: string
  dataDir?: string
  logLevel?: LogLevel
  preview?: Preview
  text?: string
  limit?: number
  offset?: number
  format?: ExportFormat
  output?: string
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
  /** as commander writes it: `--workers <n>` */
  readonly flags: string
  readonly about: string
  /** can stand after "must be"; absent for options without a value */
  readonly allowed?: () => string
  /** false when the value is not allowed */
  readonly take: (text: string, draft: Draft) => boolean
}

/** Takes one value in, or refuses it in a sentence. */
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

/** An option whose reader hands back null (or false) when the text is not allowed. */
const option = (flags: string, allowed: string | (() => string), about: string, take: Take): OptionSpec => ({
  flags,
  about,
  allowed: typeof allowed === 'string' ? () => allowed : allowed,
  take: (text, draft) => {
    const took = take(text, draft)
    return took !== null && took !== false
  }
})

const flag = (flags: string, about: string, take: (draft: Draft) => void): OptionSpec => ({
  flags,
  about,
  take: (_, draft) => {
    take(draft)
    return true
  }
})

const settingOption = (
  flags: string,
  key: PlainKey,
  read: (text: string) => unknown,
  about?: string
): OptionSpec =>
  option(
    flags,
    () => allowedValues(SETTINGS[key].schema),
    about ?? SETTINGS[key].about,
    (text, draft) => {
      const value = read(text)
      return value !== null && keep(draft.values, key, value) === null
    }
  )

type PlanNumber = 'totalTimeoutMs' | 'totalAttempts' | 'maxConcurrent' | 'perSourceTimeoutMs'

const planOption = (flags: string, field: PlanNumber, about: string): OptionSpec =>
  option(
    flags,
    () => allowedValues(fallbackPlanSchema.shape[field]),
    about,
    (text, draft) => {
      const read = fallbackPlanSchema.shape[field].safeParse(/^\d+$/.test(text) ? Number(text) : text)
      if (read.success) draft.planFields[field] = read.data
      return read.success
    }
  )

const notEmpty = (text: string): string | null => (text.trim() === '' ? null : text)
const YEAR = 'a year such as 2019'
const year = (text: string): number | null => wholeNumber(text, 1000, 2999)

const identifier = (name: IdentifierOption, value: string, allowed: string, about: string): OptionSpec =>
  option(`${name} <${value}>`, allowed, about, (text, draft) =>
    notEmpty(text) === null ? null : draft.given.push({ kind: 'identifier', option: name, text })
  )

export const SELECTOR_OPTIONS: readonly OptionSpec[] = [
  option(
    '--topic <text>',
    'a topic in words',
    'works about a topic, found by its name at OpenAlex',
    (text, d) => (notEmpty(text) === null ? null : (d.search.topic = text))
  ),
  option('--topic-id <id>', 'an OpenAlex topic such as T10102', 'works of an OpenAlex topic', (text, d) => {
    const id = /^(?:https:\/\/openalex\.org\/)?(T\d{1,12})$/i.exec(text.trim())?.[1]
    return id === undefined ? null : (d.search.topicId = id.toUpperCase())
  }),
  option('--query <text>', 'words to search for', 'works found by a search at OpenAlex', (text, d) =>
    notEmpty(text) === null ? null : (d.search.query = text)
  ),
  option('--year-start <year>', YEAR, 'published in this year or later', (text, d) => {
    const read = year(text)
    return read === null ? null : (d.search.yearStart = read)
  }),
  option('--year-end <year>', YEAR, 'published in this year or earlier', (text, d) => {
    const read = year(text)
    return read === null ? null : (d.search.yearEnd = read)
  }),
  flag('--oa-only', 'only works with an open copy', (d) => {
    d.search.oaOnly = true
  }),
  option('--max <n>', 'a whole number from 1 to 1000000', 'at most so many works of a search', (text, d) => {
    const read = wholeNumber(text, 1, 1_000_000)
    return read === null ? null : (d.search.max = read)
  }),
  option('--per-page <n>', 'a whole number from 1 to 200', 'works per page of a search', (text, d) => {
    const read = wholeNumber(text, 1, 200)
    return read === null ? null : (d.search.perPage = read)
  }),
  identifier('--doi', 'doi', 'a DOI such as 10.7717/peerj.4375', 'a work by its DOI (repeatable)'),
  identifier('--arxiv', 'id', 'an arXiv id such as 2401.00001', 'a work by its arXiv id (repeatable)'),
  identifier('--pmcid', 'id', 'a PMC id such as PMC5815332', 'a work by its PMC id (repeatable)'),
  identifier('--pmid', 'id', 'a PubMed id such as 29456894', 'a work by its PubMed id (repeatable)'),
  identifier(
    '--openalex',
    'id',
    'an OpenAlex work such as W2741809807',
    'a work by its OpenAlex id (repeatable)'
  ),
  identifier('--url', 'url', 'a web address', 'a work by the address of its page or file (repeatable)'),
  option(
    '--from <file>',
    'a file, or - for standard input',
    'works listed in a .bib, .ris, .nbib, .json, .jsonl, .csv, .tsv or .txt file (repeatable)',
    (text, d) => (notEmpty(text) === null ? null : d.given.push({ kind: 'file', path: text }))
  )
]

export const PREVIEW_OPTIONS: readonly OptionSpec[] = [
  flag('--dry-run', 'plan and resolve, show what would be fetched, write no job and no file', (d) => {
    d.preview = 'dry-run'
  }),
  flag('--list-only', 'resolve and list all candidates', (d) => {
    d.preview = 'list-only'
  })
]

const sourceNames = (): string => `one or more of ${SOURCES.join(', ')}, with commas between`

export const ENGINE_OPTIONS: readonly OptionSpec[] = [
  flag('--enable-idempotency', 'crash-safe downloads: every operation is remembered', (d) => {
    d.switches.push('--enable-idempotency')
    d.values['safety.switch'] = 'on'
  }),
  flag('--disable-idempotency', 'plain downloads: nothing is remembered', (d) => {
    d.switches.push('--disable-idempotency')
    d.values['safety.switch'] = 'off'
  }),
  option(
    '--canary <percent>',
    'a whole number from 0 to 100',
    'crash-safe for so many works of a hundred',
    (text, d) => {
      d.switches.push('--canary')
      d.values['safety.switch'] = 'canary'
      return keep(d.values, 'safety.canaryPercent', wholeNumber(text, 0, 100)) === null
    }
  ),
  settingOption('--workers <n>', 'network.workers', (text) => wholeNumber(text, 0, 1e9)),
  settingOption('--mailto <address>', 'general.mailto', (text) => notEmpty(text)),
  option('--sources <names>', sourceNames, 'ask only these sources', (text, d) => {
    const names = listOf(text, SOURCES)
    return names === null ? null : (d.onlySources = names)
  }),
  option('--disable-source <name>', sourceNames, 'do not ask this source (repeatable)', (text, d) => {
    const names = listOf(text, SOURCES)
    return names === null ? null : d.disabled.push(...names)
  }),
  settingOption('--formats <list>', 'files.formats', (text) => listOf(text, FORMATS)),
  option('--fallback-plan <file>', 'a YAML file', 'sources, order, budgets and policies', (text, d) =>
    notEmpty(text) === null ? null : (d.planFile = text)
  ),
  planOption('--fallback-total-timeout-ms <ms>', 'totalTimeoutMs', 'time for one work'),
  planOption('--fallback-total-attempts <n>', 'totalAttempts', 'attempts for one work'),
  planOption('--fallback-max-concurrent <n>', 'maxConcurrent', 'sources asked at a time for one work'),
  planOption('--fallback-per-source-timeout-ms <ms>', 'perSourceTimeoutMs', 'time for one source'),
  option(
    '--fallback-offline-behavior <how>',
    `one of ${OFFLINE_BEHAVIOURS.join(', ')}`,
    'what may be asked while offline',
    (text, d) => {
      const read = listOf(text, OFFLINE_BEHAVIOURS)
      return read?.length === 1 ? (d.planFields['offlineBehavior'] = read[0]) : null
    }
  ),
  option(
    '--max-bandwidth <rate>',
    () => 'bytes a second such as 500K, 2M or 1.5MiB, at least 1024',
    'for all downloads together',
    (text, d) => keep(d.values, 'network.maxBandwidth', byteCount(text) ?? -1) === null
  ),
  option(
    '--rate <host=n/s>',
    'a host and a rate such as arxiv.org=1/3s, example.org=30/m or *=2/s',
    'requests to a host (repeatable; * for every host)',
    (text, d) => {
      const read = hostRate(text)
      if (read === null) return null
      if (read.host === '*') d.rateOfEveryHost = read.perSecond
      else d.rates[read.host] = read.perSecond
      return true
    }
  ),
  settingOption('--max-per-host <n>', 'network.maxPerHost', (text) => wholeNumber(text, 0, 1e9)),
  flag('--ignore-robots', 'do not obey robots.txt', (d) => {
    d.values['network.obeyRobots'] = false
  }),
  flag('--allow-private-hosts', SETTINGS['network.allowPrivateHosts'].about, (d) => {
    d.values['network.allowPrivateHosts'] = true
  }),
  settingOption('--proxy-prefix <url>', 'network.proxyPrefix', (text) => notEmpty(text)),
  option(
    '--connect-to <origin=origin>',
    'two origins such as https://example.org=http://127.0.0.1:8080, or *=http://127.0.0.1:8080',
    'send the traffic of one origin to another (repeatable)',
    (text, d) => {
      const read = reroute(text)
      if (read === null) return null
      d.values['network.connectTo'] = [...(d.values['network.connectTo'] ?? []), read]
      return true
    }
  ),
  settingOption('--lease-ttl <seconds>', 'safety.leaseTtlSeconds', plainNumber),
  settingOption('--max-attempts <n>', 'safety.maxAttempts', (text) => wholeNumber(text, 0, 1e9)),
  option(
    '--stall-timeout <seconds>',
    'seconds from 0.1 to 600',
    'how long a download may stand still',
    (text, d) => {
      const seconds = plainNumber(text)
      return seconds !== null && keep(d.values, 'network.stallTimeoutMs', Math.round(seconds * 1000)) === null
    }
  ),
  option(
    '--set <key=value>',
    'a setting and its value such as network.workers=8',
    'any setting, for this time',
    (text, d) => {
      const at = text.indexOf('=')
      if (at < 1) return null
      const key = settingKey(text.slice(0, at).trim())
      if (key === 'sources.plan')
        fail('BAD_OPTION', '--set cannot change sources.plan; give --fallback-plan FILE.yaml.')
      takeValue(d.values, key, text.slice(at + 1))
      return true
    }
  )
]

export const COMMON_OPTIONS: readonly OptionSpec[] = [
  option('--out <dir>', 'a folder', 'the library (default Documents/Sheaf)', (text, d) =>
    notEmpty(text) === null ? null : (d.out = text)
  ),
  option('--data-dir <dir>', 'a folder', 'ledger, settings and logs', (text, d) =>
    notEmpty(text) === null ? null : (d.dataDir = text)
  ),
  flag('--json', 'JSON Lines on standard output', (d) => d.flags.add('json')),
  flag('--quiet', 'no progress and no summary', (d) => d.flags.add('quiet')),
  option(
    '--log-level <level>',
    `one of ${LOG_LEVELS.join(', ')}`,
    'what is logged on standard error',
    (text, d) => {
      const read = listOf(text, LOG_LEVELS)
      return read?.length === 1 && read[0] !== undefined ? (d.logLevel = read[0]) : null
    }
  )
]

const LIMIT = 'a whole number from 0 to 1000000'

/** Options of single commands. */
export const OWN_OPTIONS = {
  state: option(
    '--state <state>',
    `one or more of ${STATES.join(', ')}`,
    'only jobs in this state (repeatable)',
    (text, d) => {
      const read = listOf(text.toUpperCase(), STATES)
      return read === null ? null : d.states.push(...read)
    }
  ),
  reason: option(
    '--reason <reason>',
    'a reason such as NO_OPEN_COPY',
    'only jobs with this reason (repeatable)',
    (text, d) => (/^[A-Z][A-Z0-9_]*$/i.test(text) ? d.reasons.push(text.toUpperCase()) : null)
  ),
  text: option(
    '--text <text>',
    'some words',
    'only jobs whose title, author, address or id has this',
    (text, d) => (notEmpty(text) === null ? null : (d.text = text))
  ),
  limit: option('--limit <n>', LIMIT, 'at most so many', (text, d) => {
    const read = wholeNumber(text, 0, 1_000_000)
    return read === null ? null : ((d.limit = read), true)
  }),
  offset: option('--offset <n>', LIMIT, 'leave out so many', (text, d) => {
    const read = wholeNumber(text, 0, 1_000_000)
    return read === null ? null : ((d.offset = read), true)
  }),
  job: option('--job <id>', 'a job’s id', 'only this job (repeatable)', (text, d) =>
    notEmpty(text) === null ? null : d.jobIds.push(text)
  ),
  events: flag('--events', 'with --json: attempts, leases and state changes too', (d) =>
    d.flags.add('events')
  ),
  verifyHashes: flag('--verify-hashes', 're-hash every file', (d) => d.flags.add('verify-hashes')),
  undo: flag('--undo', 'put it back and forget the removal', (d) => d.flags.add('undo')),
  format: option('--format <format>', `one of ${EXPORT_FORMATS.join(', ')}`, 'in which form', (text, d) => {
    const read = listOf(text, EXPORT_FORMATS)
    return read?.length === 1 && read[0] !== undefined ? (d.format = read[0]) : null
  }),
  output: option('--output <file>', 'a file', 'write there instead of standard output', (text, d) =>
    notEmpty(text) === null ? null : (d.output = text)
  )
} satisfies Record<string, OptionSpec>

/** What `--sources` and `--disable-source` mean for the policies. */
export function policiesOf(draft: Draft): Partial<Record<SourceName, Partial<SourcePolicy>>> | null {
  if (draft.onlySources === undefined && draft.disabled.length === 0) return null
  return Object.fromEntries(
    SOURCES.filter((name) => draft.onlySources !== undefined || draft.disabled.includes(name)).map((name) => [
      name,
      { enabled: (draft.onlySources?.includes(name) ?? true) && !draft.disabled.includes(name) }
    ])
  )
}
