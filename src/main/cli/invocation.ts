/**
 * What a command line says, once understood: one command with its own facts, and everything that
 * holds for all commands. Typed values only; nothing here is text that still has to be checked.
 */
import type { CitationLocale } from '../../contract/citation-styles'
import type { ReportFormat } from '../insights/report/write-report'
import type { TelemetryFormat } from '../insights/telemetry/write-telemetry'
import type { LogLevel } from '../platform/log'
import type { SettingOverrides } from '../settings/load-settings'
import type { LinkStyle } from '../works/works'
import type { ShellName } from './shells'
import type { ZoteroAsk } from '../sheaf-zotero'
import type { JobFilter, TopicSearch } from '../sheaf-api'

/** One thing asked for by name or by file, in the order given. */
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

/** `--dry-run` resolves as a run would; `--list-only` lists every candidate there is. */
export type Preview = 'dry-run' | 'list-only'

interface ToPlan {
  readonly selectors: Selectors
  readonly preview: Preview | null
  /** the named list that the works are put in */
  readonly list: string | null
  /** what is done about references that only a title names */
  readonly titles: 'propose' | 'accept' | 'never'
}
export const ROLLOUT_ACTIONS = ['status', 'advance', 'back'] as const
export type RolloutAction = (typeof ROLLOUT_ACTIONS)[number]

export const LIBRARY_ACTIONS = ['rename'] as const
export type LibraryAction = (typeof LIBRARY_ACTIONS)[number]

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
      readonly action: RolloutAction
      /** advance although the measures speak against it */
      readonly force: boolean
    }
  | {
      readonly command: 'library'
      readonly action: LibraryAction
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
      /** an identifier of the work that the one file is */
      readonly as: string | null
      readonly lookUp: boolean
    }
  | {
      readonly command: 'handoff'
      readonly list: string | null
      readonly limit: number | null
      readonly offset: number
      /** the download folder that is watched; null: only the list */
      readonly watch: string | null
      /** one look instead of looking until Ctrl-C */
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
      /** one citation of all of them instead of a bibliography */
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
      /** only what happened in these last seconds; null: everything */
      readonly sinceSeconds: number | null
      readonly withUrls: boolean
      readonly output: string | null
    }
  | {
      readonly command: 'bib'
      readonly file: string
      /** null: as the file's own links are written, else JabRef's */
      readonly style: LinkStyle | null
      /** the folder that paths begin at; null: the file's own */
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
      /** papers whose item was removed in Zotero are sent again */
      readonly again: boolean
    }
  | {
      readonly command: 'serve'
      /** null: the setting's; 0: any that is free */
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
  /** the former library is given up */
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

/** What was asked for is a text: help, or the version. */
export interface Shown {
  readonly kind: 'shown'
  readonly text: string
}
