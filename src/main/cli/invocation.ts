/**
 * A parsed command line: one command with its own values, and the values shared by all commands. Typed values
 * only; nothing here needs further validation.
 */
import type { CitationLocale } from '../../contract/citation-styles'
import type { ReportFormat } from '../insights/report/write-report'
import type { TelemetryFormat } from '../insights/telemetry/write-telemetry'
import type { LogLevel } from '../platform/log'
import type { SettingOverrides } from '../settings/load-settings'
import type { LinkStyle } from '../works/works'
import type { ZoteroAsk } from '../sheaf-zotero'
import type { JobFilter, TopicSearch } from '../sheaf-requests'

/** One item requested by name or by file, in the given order. */
export type Given =
  | { readonly kind: 'identifier'; readonly option: IdentifierOption; readonly text: string }
  | { readonly kind: 'file'; readonly path: string }
  | ({ readonly kind: 'zotero' } & ZoteroAsk)

export const IDENTIFIER_OPTIONS = ['--doi', '--arxiv', '--pmcid', '--pmid', '--openalex', '--url'] as const
export type IdentifierOption = (typeof IDENTIFIER_OPTIONS)[number]

export interface Selectors {
  readonly given: readonly Given[]
  readonly search: TopicSearch | null
}

export const EXPORT_FORMATS = ['bibtex', 'ris', 'csl-json', 'csv', 'jsonl', 'manifest-sqlite'] as const
export type ExportFormat = (typeof EXPORT_FORMATS)[number]

/** `--dry-run` resolves like a run; `--list-only` lists every candidate. */
export type Preview = 'dry-run' | 'list-only'

interface ToPlan {
  readonly selectors: Selectors
  readonly preview: Preview | null
  /** the named list to add the works to */
  readonly list: string | null
  /** handling of references identified only by a title */
  readonly titles: 'propose' | 'accept' | 'never'
}
export const ROLLOUT_ACTIONS = ['status', 'advance', 'back'] as const

export const LIBRARY_ACTIONS = ['rename'] as const

/** The shells that a completion script can be printed for. */
export const SHELLS = ['bash', 'zsh', 'fish'] as const
export type ShellName = (typeof SHELLS)[number]

export type Request =
  | ({ readonly command: 'plan' } & ToPlan)
  | ({ readonly command: 'run' } & ToPlan)
  | { readonly command: 'status'; readonly list: string | null }
  | { readonly command: 'lists' }
  | {
      readonly command: 'report'
      readonly list: string | null
      readonly format: ReportFormat
      readonly output: string | null
    }
  | { readonly command: 'jobs'; readonly filter: JobFilter }
  | { readonly command: 'ops'; readonly jobId: string; readonly events: boolean }
  | { readonly command: 'rebuild' }
  | {
      readonly command: 'rollout'
      readonly action: (typeof ROLLOUT_ACTIONS)[number]
      /** advance although the measures contradict it */
      readonly force: boolean
    }
  | {
      readonly command: 'library'
      readonly action: (typeof LIBRARY_ACTIONS)[number]
      /** none: the whole library */
      readonly selectors: Selectors
      readonly list: string | null
      readonly dryRun: boolean
    }
  | { readonly command: 'reconcile'; readonly verifyHashes: boolean }
  | {
      readonly command: 'retry'
      readonly reasons: readonly string[]
      readonly jobIds: readonly string[]
      readonly list: string | null
    }
  | { readonly command: 'attach'; readonly jobId: string; readonly file: string }
  | {
      readonly command: 'import'
      readonly paths: readonly string[]
      readonly accept: boolean
      /** an identifier of the work in the single file */
      readonly as: string | null
      readonly lookUp: boolean
    }
  | {
      readonly command: 'handoff'
      readonly list: string | null
      readonly limit: number | null
      readonly offset: number
      /** the download folder to watch; null: only print the list */
      readonly watch: string | null
      /** one check instead of watching until Ctrl-C */
      readonly once: boolean
    }
  | {
      readonly command: 'cite'
      /** none: the whole library */
      readonly selectors: Selectors
      readonly list: string | null
      /** the name of a bundled style, or the path of a .csl file */
      readonly style: string
      readonly locale: CitationLocale
      readonly format: 'text' | 'html'
      /** one citation for all of them instead of a bibliography */
      readonly asCitation: boolean
      readonly output: string | null
    }
  | { readonly command: 'remove'; readonly id: string; readonly undo: boolean }
  | {
      readonly command: 'quarantine'
      readonly action:
        | { readonly kind: 'list' }
        | { readonly kind: 'accept'; readonly id: string }
        | { readonly kind: 'reject'; readonly id: string }
    }
  | { readonly command: 'demo' }
  | {
      readonly command: 'export'
      readonly format: ExportFormat
      readonly output: string | null
      readonly list: string | null
    }
  | { readonly command: 'import-manifest'; readonly file: string }
  | {
      readonly command: 'settings'
      readonly action:
        | { readonly kind: 'get'; readonly key: string | null }
        | { readonly kind: 'set'; readonly key: string; readonly value: string }
    }
  | {
      readonly command: 'keys'
      readonly action:
        | { readonly kind: 'list' }
        | { readonly kind: 'set'; readonly service: string }
        | { readonly kind: 'remove'; readonly service: string }
    }
  | { readonly command: 'search'; readonly text: string; readonly limit: number | null }
  | {
      readonly command: 'sources'
      readonly action: { readonly kind: 'list' } | { readonly kind: 'open' | 'close'; readonly host: string }
    }
  | {
      readonly command: 'telemetry'
      readonly format: TelemetryFormat
      /** only events of these last seconds; null: everything */
      readonly sinceSeconds: number | null
      readonly withUrls: boolean
      readonly output: string | null
    }
  | {
      readonly command: 'bib'
      readonly file: string
      /** null: the style of the file's own links, else JabRef's */
      readonly style: LinkStyle | null
      /** base folder of relative paths; null: the file's own */
      readonly relativeTo: string | null
      readonly dryRun: boolean
    }
  | { readonly command: 'zotero'; readonly action: 'missing'; readonly ask: ZoteroAsk }
  | {
      readonly command: 'zotero'
      readonly action: 'send' | 'attach'
      readonly ask: ZoteroAsk
      /** none: the whole library */
      readonly selectors: Selectors
      readonly list: string | null
      readonly dryRun: boolean
      /** send papers again whose item was removed in Zotero */
      readonly again: boolean
    }
  | {
      readonly command: 'serve'
      /** null: the setting's; 0: any free port */
      readonly port: number | null
      readonly newToken: boolean
    }
  | { readonly command: 'completion'; readonly shell: ShellName }
  | { readonly command: 'doctor' }

export type CommandName = Request['command']
export type RequestOf<C extends CommandName> = Extract<Request, { readonly command: C }>

export interface Invocation {
  readonly kind: 'invocation'
  readonly request: Request
  readonly out: string | null
  readonly dataDir: string | null
  readonly overrides: SettingOverrides
  /** give up the former library */
  readonly newLibrary: boolean
  readonly json: boolean
  readonly quiet: boolean
  readonly logLevel: LogLevel | null
}

/** Commands that work while another process holds the ledger, from its files (docs/cli.md). */
export function onlyReads({ request }: Invocation): boolean {
  switch (request.command) {
    case 'status':
    case 'jobs':
    case 'ops':
    case 'export':
    case 'lists':
    case 'report':
    case 'search':
    case 'bib':
    case 'completion':
    case 'telemetry':
      return true
    case 'cite':
      return true
    case 'handoff':
      return request.watch === null
    case 'zotero':
      return request.action === 'missing'
    case 'quarantine':
      return request.action.kind === 'list'
    default:
      return false
  }
}

/** Only a text was requested: help, or the version. */
export interface Shown {
  readonly kind: 'shown'
  readonly text: string
}
