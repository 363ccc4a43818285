/**
 * Every command of docs/cli.md, once: its words, its own options, and the conversion of parsed values to a
 * request (its parts: `request-parts.ts`).
 */
import { REPORT_FORMATS } from '../insights/report/write-report'
import { TELEMETRY_FORMATS } from '../insights/telemetry/write-telemetry'
import { KEY_NAMES } from '../../contract/keys'
import {
  EXPORT_FORMATS,
  LIBRARY_ACTIONS,
  ROLLOUT_ACTIONS,
  SHELLS,
  type CommandName,
  type Request
} from './invocation'
import { CITATION_KEY } from './engine-options'
import type { Draft, OptionSpec } from './option-spec'
import { OWN_OPTIONS } from './options'
import {
  actionOf,
  handOffRequest,
  jobFilter,
  keysAction,
  needed,
  neededSelectors,
  neededText,
  quarantineAction,
  selectors,
  settingsAction,
  sourcesAction,
  titlesOf,
  zoteroRequest
} from './request-parts'
import {
  FROM_ZOTERO,
  NAMED_OPTIONS,
  PREVIEW_OPTIONS,
  SELECTOR_OPTIONS,
  TITLE_OPTIONS,
  ZOTERO_OPTIONS
} from './selector-options'

export interface CommandSpec {
  readonly name: CommandName
  readonly about: string
  /** `<needed>` or `[optional]` */
  readonly arguments: readonly { readonly name: string; readonly about: string }[]
  readonly options: readonly OptionSpec[]
  readonly optionsTitle: string
  /** its help shows the options for temporary settings; they are accepted everywhere */
  readonly showsEngineOptions: boolean
  readonly request: (words: readonly string[], draft: Draft) => Request
}

const plain = (
  name: CommandName,
  about: string,
  request: CommandSpec['request'],
  more: Partial<CommandSpec> = {}
): CommandSpec => ({
  name,
  about,
  arguments: [],
  options: [],
  optionsTitle: 'Options:',
  showsEngineOptions: false,
  request,
  ...more
})

const SELECTS: Partial<CommandSpec> = {
  options: [
    ...SELECTOR_OPTIONS,
    FROM_ZOTERO,
    ...ZOTERO_OPTIONS,
    ...TITLE_OPTIONS,
    OWN_OPTIONS.intoList,
    ...PREVIEW_OPTIONS
  ],
  optionsTitle: 'Selectors:',
  showsEngineOptions: true
}

export const COMMANDS: readonly CommandSpec[] = [
  plain(
    'plan',
    'find the works of the selectors and plan their jobs; fetch no file',
    (_, draft) => ({
      command: 'plan',
      selectors: neededSelectors('plan', draft),
      preview: draft.preview ?? null,
      list: draft.list ?? null,
      titles: titlesOf(draft) ?? 'propose'
    }),
    SELECTS
  ),
  plain(
    'run',
    'plan (when selectors are given) and work until no job is due; without selectors, resume what is there',
    (_, draft) => {
      const preview = draft.preview ?? null
      const list = draft.list ?? null
      // A run does not wait for look-ups that it would not use.
      const titles = titlesOf(draft) ?? 'never'
      if (preview !== null)
        return { command: 'run', selectors: neededSelectors(`--${preview}`, draft), preview, list, titles }
      return { command: 'run', selectors: selectors(draft), preview, list, titles }
    },
    SELECTS
  ),
  plain(
    'status',
    'counts by state and reason, bytes, measures, the last run and reconcile',
    (_, draft) => ({ command: 'status', list: draft.list ?? null }),
    { options: [OWN_OPTIONS.list] }
  ),
  plain('jobs', 'list jobs', (_, draft) => ({ command: 'jobs', filter: jobFilter(draft) }), {
    options: [
      OWN_OPTIONS.state,
      OWN_OPTIONS.reason,
      OWN_OPTIONS.text,
      OWN_OPTIONS.list,
      OWN_OPTIONS.limit,
      OWN_OPTIONS.offset
    ]
  }),
  plain(
    'ops',
    'one job’s history, in order',
    ([jobId = ''], draft) => ({ command: 'ops', jobId, events: draft.flags.has('events') }),
    { arguments: [{ name: '<job_id>', about: 'see sheaf jobs' }], options: [OWN_OPTIONS.events] }
  ),
  plain(
    'reconcile',
    'bring ledger and disk into agreement',
    (_, draft) => ({ command: 'reconcile', verifyHashes: draft.flags.has('verify-hashes') }),
    { options: [OWN_OPTIONS.verifyHashes] }
  ),
  plain(
    'rebuild',
    'rebuild the ledger from the library: its manifest.jsonl and the hash of every file',
    () => ({ command: 'rebuild' })
  ),
  plain(
    'library',
    'give papers that are here the names of the naming template (files.nameTemplate)',
    ([action = ''], draft) => ({
      command: 'library',
      action: actionOf('library', action, LIBRARY_ACTIONS),
      selectors: { given: draft.given, search: null },
      list: draft.list ?? null,
      dryRun: draft.flags.has('show-only')
    }),
    {
      arguments: [{ name: '<rename>', about: 'what to do; a file that you changed keeps its name' }],
      options: [...NAMED_OPTIONS, OWN_OPTIONS.list, OWN_OPTIONS.previewRename]
    }
  ),
  plain(
    'retry',
    'put failed jobs back: by reason, by job, or all',
    (_, draft) => ({
      command: 'retry',
      reasons: draft.reasons,
      jobIds: draft.jobIds,
      list: draft.list ?? null
    }),
    { options: [OWN_OPTIONS.reason, OWN_OPTIONS.job, OWN_OPTIONS.list] }
  ),
  plain(
    'attach',
    'file a paper you have by other means',
    ([jobId = '', file = '']) => ({ command: 'attach', jobId, file }),
    {
      arguments: [
        { name: '<job_id>', about: 'see sheaf jobs' },
        { name: '<file.pdf>', about: 'is copied; your own file stays as it is' }
      ]
    }
  ),
  plain(
    'import',
    'take in PDFs that are already there; originals are only read',
    (paths, draft) => ({
      command: 'import',
      paths,
      accept: draft.flags.has('accept'),
      as: draft.as ?? null,
      lookUp: !draft.flags.has('no-look-up')
    }),
    {
      arguments: [{ name: '<path...>', about: 'PDFs, or folders with PDFs in them' }],
      options: [OWN_OPTIONS.accept, OWN_OPTIONS.as, OWN_OPTIONS.noLookUp],
      showsEngineOptions: false
    }
  ),
  plain(
    'handoff',
    'the papers that need you, with their pages; and a download folder from which they are attached',
    (_, draft) => handOffRequest(draft),
    {
      options: [OWN_OPTIONS.list, OWN_OPTIONS.watch, OWN_OPTIONS.once, OWN_OPTIONS.limit, OWN_OPTIONS.offset]
    }
  ),
  plain(
    'serve',
    'answer the browser companion on 127.0.0.1, and download what it sends, until Ctrl-C',
    (_, draft) => ({
      command: 'serve',
      port: draft.port ?? null,
      newToken: draft.flags.has('new-token')
    }),
    { options: [OWN_OPTIONS.port, OWN_OPTIONS.newToken], showsEngineOptions: true }
  ),
  plain(
    'remove',
    'take a paper out of the library and remember that you did',
    ([id = ''], draft) => ({ command: 'remove', id, undo: draft.flags.has('undo') }),
    { arguments: [{ name: '<job_id or work_id>', about: 'see sheaf jobs' }], options: [OWN_OPTIONS.undo] }
  ),
  plain(
    'quarantine',
    'files that did not look like the paper asked for',
    ([action = '', id]) => ({ command: 'quarantine', action: quarantineAction(action, id) }),
    {
      arguments: [
        { name: '<list|accept|reject>', about: 'what to do' },
        { name: '[id]', about: 'see sheaf quarantine list' }
      ]
    }
  ),
  plain(
    'demo',
    'the main job on a built-in sample library, without a network: plan, run, a real kill, recovery',
    () => ({ command: 'demo' })
  ),
  plain(
    'export',
    'the library as references, or the ledger as manifest.sqlite3',
    (_, draft) => ({
      command: 'export',
      format: needed('--format', draft.format, EXPORT_FORMATS),
      output: draft.output ?? null,
      list: draft.list ?? null
    }),
    { options: [OWN_OPTIONS.format, OWN_OPTIONS.output, OWN_OPTIONS.list, CITATION_KEY] }
  ),
  plain(
    'cite',
    'papers of the library as a bibliography, or as one citation, in a CSL style',
    (_, draft) => ({
      command: 'cite',
      selectors: { given: draft.given, search: null },
      list: draft.list ?? null,
      style: draft.citeStyle ?? 'apa',
      locale: draft.locale ?? 'en-US',
      format: draft.citeFormat ?? 'text',
      asCitation: draft.flags.has('citation'),
      output: draft.output ?? null
    }),
    {
      options: [
        OWN_OPTIONS.citeStyle,
        OWN_OPTIONS.citeFormat,
        OWN_OPTIONS.locale,
        OWN_OPTIONS.asCitation,
        ...NAMED_OPTIONS,
        OWN_OPTIONS.list,
        OWN_OPTIONS.output
      ]
    }
  ),
  plain('lists', 'the named lists, with how many papers are in each', () => ({ command: 'lists' })),
  plain(
    'report',
    'the retrieval report of a review: sought, retrieved, not retrieved and why, with PRISMA numbers',
    (_, draft) => ({
      command: 'report',
      list: draft.list ?? null,
      format: needed('--format', draft.reportFormat, REPORT_FORMATS),
      output: draft.output ?? null
    }),
    { options: [OWN_OPTIONS.list, OWN_OPTIONS.reportFormat, OWN_OPTIONS.output] }
  ),
  plain(
    'import-manifest',
    'take jobs and ops over from a manifest.sqlite3',
    ([file = '']) => ({ command: 'import-manifest', file }),
    { arguments: [{ name: '<manifest.sqlite3>', about: 'as DocsToKG writes it' }] }
  ),
  plain(
    'keys',
    'keys of services: set one (read from standard input), list them, remove one',
    ([action = '', service]) => ({ command: 'keys', action: keysAction(action, service) }),
    {
      arguments: [
        { name: '<set|list|remove>', about: 'what to do' },
        { name: '[service]', about: `one of ${KEY_NAMES.join(', ')}` }
      ]
    }
  ),
  plain(
    'settings',
    'show or change settings, the same as the app’s',
    ([action = '', key, value]) => ({ command: 'settings', action: settingsAction(action, key, value) }),
    {
      arguments: [
        { name: '<get|set>', about: 'what to do' },
        { name: '[key]', about: 'for instance network.workers' },
        { name: '[value]', about: 'with set' }
      ]
    }
  ),
  plain(
    'rollout',
    'crash-safe downloads in steps: off, 10 %, 50 %, on; with figures and a go or no-go',
    ([action = ''], draft) => ({
      command: 'rollout',
      action: actionOf('rollout', action, ROLLOUT_ACTIONS),
      force: draft.flags.has('force')
    }),
    {
      arguments: [{ name: '<status|advance|back>', about: 'show it, or take one step' }],
      options: [OWN_OPTIONS.force]
    }
  ),
  plain(
    'search',
    'the full text of what is here: paper, page, snippet',
    (text, draft) => ({ command: 'search', text: neededText(text), limit: draft.limit ?? null }),
    {
      arguments: [
        {
          name: '<text...>',
          about: 'words that must all occur in the paper; "…" keeps words together'
        }
      ],
      options: [OWN_OPTIONS.limit]
    }
  ),
  plain(
    'sources',
    'the hosts that were contacted and how each stands; close one for a day, or open it again',
    ([action = 'list', host]) => ({ command: 'sources', action: sourcesAction(action, host) }),
    {
      arguments: [
        { name: '[list|open|close]', about: 'what to do; list when it is left out' },
        { name: '[host]', about: 'for instance api.openalex.org' }
      ]
    }
  ),
  plain(
    'telemetry',
    'what happened, from the ledger: attempts, and events of jobs, leases and operations',
    ([action = ''], draft) => {
      actionOf('telemetry', action, ['export'])
      return {
        command: 'telemetry',
        format: needed('--format', draft.telemetryFormat, TELEMETRY_FORMATS),
        sinceSeconds: draft.sinceSeconds ?? null,
        withUrls: draft.flags.has('with-urls'),
        output: draft.output ?? null
      }
    },
    {
      arguments: [{ name: '<export>', about: 'what to do' }],
      options: [OWN_OPTIONS.telemetryFormat, OWN_OPTIONS.since, OWN_OPTIONS.withUrls, OWN_OPTIONS.output]
    }
  ),
  plain(
    'bib',
    'write the links of papers that are here into your own .bib; everything else stays byte for byte',
    ([action = '', file = ''], draft) => {
      actionOf('bib', action, ['link'])
      return {
        command: 'bib',
        file,
        style: draft.linkStyle ?? null,
        relativeTo: draft.relativeTo ?? null,
        dryRun: draft.flags.has('show-only')
      }
    },
    {
      arguments: [
        { name: '<link>', about: 'what to do' },
        { name: '<file.bib>', about: 'is changed in place, whole or not at all' }
      ],
      options: [OWN_OPTIONS.linkStyle, OWN_OPTIONS.relativeTo, OWN_OPTIONS.showOnly]
    }
  ),
  plain(
    'zotero',
    'items of Zotero without a file (plan them with plan --from-zotero); papers sent to Zotero; files for its items',
    ([action = ''], draft) => zoteroRequest(action, draft),
    {
      arguments: [
        {
          name: '<missing|send|attach>',
          about: 'list items without a file, send papers as items, or give items that exist their files'
        }
      ],
      options: [
        ...ZOTERO_OPTIONS,
        ...NAMED_OPTIONS,
        OWN_OPTIONS.list,
        OWN_OPTIONS.again,
        OWN_OPTIONS.previewHandover
      ]
    }
  ),
  plain(
    'completion',
    'a script that completes commands, options and values in your shell',
    ([name = '']) => ({ command: 'completion', shell: actionOf('completion', name, SHELLS) }),
    {
      arguments: [{ name: '<bash|zsh|fish>', about: 'your shell; for bash: source <(sheaf completion bash)' }]
    }
  ),
  plain('doctor', 'check folders, ledger, lock and the way to each source; say what to do', () => ({
    command: 'doctor'
  }))
]
