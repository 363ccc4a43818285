/**
 * Sentences of the settings: for every field its name (also its accessible label), its effect, and the
 * allowed values where the schema's range is not sufficient.
 */
import { KEY_WORDS_ALLOWED } from '../../contract/citation-key-pattern'
import type { SettingKey, SettingOrigin } from '../../contract/settings'
import type { ConnectionTest } from '../../contract/settings-views'
import {
  MOST_FOLDERS,
  NAME_WORDS_ALLOWED,
  type OfflineBehaviour,
  type SourceName,
  type SwitchPosition
} from '../../contract/words'

export const SECTIONS = [
  'general',
  'safety',
  'sources',
  'network',
  'files',
  'companion',
  'notifications',
  'advanced'
] as const
export type Section = (typeof SECTIONS)[number]

export const SECTION_NAMES: Readonly<Record<Section, string>> = {
  general: 'General',
  safety: 'Crash safety',
  sources: 'Sources',
  network: 'Network',
  files: 'Files',
  companion: 'Browser',
  notifications: 'Notifications',
  advanced: 'Advanced'
}

export const SECTION_LEADS: Readonly<Record<Section, string>> = {
  general: 'Who you are to the services, and how Sheaf behaves on this computer.',
  safety: 'What is recorded, so that nothing is lost or downloaded twice.',
  sources: 'Where Sheaf looks for an open copy, in which order, and for how long.',
  network: 'How politely and how fast Sheaf uses the network.',
  files: 'Where papers are kept and how they are named.',
  companion:
    'The browser companion sends the page or the PDF that you have open to Sheaf. It signs in nowhere and gets past nothing.',
  notifications: 'When Sheaf notifies you.',
  advanced: 'For a closer look, and for support.'
}

interface FieldText {
  readonly name: string
  readonly help: string
  /** the allowed values as a sentence; absent: read from the schema */
  readonly allowed?: string
}

export const FIELD_TEXT: Readonly<Record<SettingKey, FieldText>> = {
  'general.mailto': {
    name: 'Contact address',
    help: 'Required by Unpaywall; NCBI and Crossref ask for it too. Every server that Sheaf asks can see it.',
    allowed: 'An e-mail address such as you@example.org, or nothing.'
  },
  'general.keepAwake': {
    name: 'Keep the computer awake',
    help: 'The computer does not go to sleep while papers are downloading.'
  },
  'general.theme': { name: 'Appearance', help: 'Light, dark, or the same as the system.' },
  'general.closeToTray': {
    name: 'Keep working when the window is closed',
    help: 'Sheaf stays reachable through its icon in the tray.'
  },
  'general.checkUpdates': {
    name: 'Look for updates',
    help: 'Newer versions are fetched in the background and installed when you quit.'
  },
  'general.notify': {
    name: 'Notifications',
    help: 'When a run ends or something needs you.'
  },
  'safety.switch': { name: 'Crash-safe downloads', help: 'What happens when Sheaf is interrupted.' },
  'safety.canaryPercent': {
    name: 'Canary share',
    help: 'How many of a hundred papers are crash-safe; always the same ones, so that both groups can be compared.'
  },
  'safety.leaseTtlSeconds': {
    name: 'Lease time',
    help: 'How long a stalled worker keeps its paper before another takes it.'
  },
  'safety.maxAttempts': {
    name: 'Automatic retries',
    help: 'How often a failed download is retried automatically.'
  },
  'files.library': {
    name: 'Library folder',
    help: 'Papers are kept here. Earlier downloads stay where they are.'
  },
  'files.nameTemplate': {
    name: 'Naming template',
    help: 'How a paper’s file is called. Words: {firstAuthor} {authors} {year} {title} {venue} {doi} {workId}. A / begins a subfolder.',
    allowed: `From 1 to 300 characters; ${NAME_WORDS_ALLOWED}; at most ${String(MOST_FOLDERS)} subfolders.`
  },
  'export.citationKey': {
    name: 'Citation keys',
    help: 'For papers without a key of your own, in every export: [auth:lower][year], [auth][shorttitle3_3] and so on, as in Better BibTeX and JabRef. Empty: Sheaf’s own keys.',
    allowed: `At most 200 characters; ${KEY_WORDS_ALLOWED}.`
  },
  'files.formats': {
    name: 'Formats',
    help: 'Which files of a paper to fetch.',
    allowed: 'At least one format.'
  },
  'files.maxBytes': { name: 'Largest file', help: 'Larger files are refused.' },
  'files.provenanceBeside': {
    name: 'Provenance beside the paper',
    help: 'Writes where a paper comes from as a JSON file next to it.'
  },
  'files.watchFolder': {
    name: 'Watched download folder',
    help: 'A new PDF that you save there is attached when it is surely a paper that waits. The file itself stays as it is.'
  },
  'zotero.url': {
    name: 'Address of Zotero',
    help: 'Where Zotero answers on this computer. Change it only if Zotero’s own port was changed.',
    allowed: 'An address of this computer such as http://127.0.0.1:23119.'
  },
  'zotero.dataFolder': {
    name: 'Folder of Zotero',
    help: 'Its library is read here, from a copy, when Zotero is closed or does not let programs read it.'
  },
  'companion.enabled': {
    name: 'Let the browser companion send papers',
    help: 'Sheaf then listens on a port of this computer; the network cannot reach it, and web pages are refused.'
  },
  'companion.port': {
    name: 'Port',
    help: 'The same number as in the companion’s options.'
  },
  'sources.paidBudgetUsd': {
    name: 'Paid copies',
    help: 'What OpenAlex’s own copies ($0.01 each) may cost a day. They are tried after every free copy; 0 fetches none.'
  },
  'network.workers': { name: 'Files at a time', help: 'How many files are downloaded at once.' },
  'network.lookUps': {
    name: 'Look-ups at a time',
    help: 'How many services are asked at once.'
  },
  'network.pages': { name: 'Pages at a time', help: 'How many web pages are opened at once.' },
  'network.maxPerHost': {
    name: 'Connections per host',
    help: 'How many connections one host gets at once.'
  },
  'network.rates': {
    name: 'Requests per host',
    help: 'The most requests a second per host, for all its ports together. A path such as example.org/search can have its own rate; * means all hosts that are not listed.',
    allowed: 'From one request a day to 10,000 a second.'
  },
  'network.maxBandwidth': {
    name: 'Speed limit',
    help: 'For all downloads together. Empty means no limit.'
  },
  'network.proxy': {
    name: 'Proxy',
    help: 'Empty: the one the environment names. system: the system’s own settings and PAC script. none: no proxy.',
    allowed: 'A web address such as http://proxy.example.org:8080, system, none, or nothing.'
  },
  'network.caFile': {
    name: 'Certificates file',
    help: 'For a network that inspects secure connections: the certificate of its authority, from your IT department (PEM or DER).'
  },
  'network.systemCertificates': {
    name: 'Trust the system’s certificates',
    help: 'Authorities that are installed on this computer are trusted as well.'
  },
  'network.proxyPrefix': {
    name: 'Institutional proxy',
    help: 'How your library opens publishers’ addresses: a prefix, an OpenAthens redirector, or a rewritten host (%h host with hyphens, %H host, %p path, %u whole address).',
    allowed:
      'A web address such as https://login.example.edu/login?url= or https://%h.proxy.example.edu/%p, or nothing.'
  },
  'network.offline': {
    name: 'Work offline',
    help: 'The plan of sources then says what may still be asked.'
  },
  'network.obeyRobots': {
    name: 'Obey robots.txt',
    help: 'Landing pages whose robots.txt excludes programs are not opened.'
  },
  'network.allowPrivateHosts': {
    name: 'Allow private networks',
    help: 'Lets papers come from addresses inside your own network. Leave it off unless you run such a server.'
  },
  'network.connectTo': {
    name: 'Connect elsewhere',
    help: 'Sends the traffic of one origin to another: for mirrors and offline replicas.',
    allowed: 'From an origin such as https://example.org, or *; to a web address.'
  },
  'network.connectTimeoutMs': {
    name: 'Time to connect',
    help: 'How long to wait for a connection.'
  },
  'network.firstByteTimeoutMs': {
    name: 'Time to answer',
    help: 'How long to wait for the first byte of an answer.'
  },
  'network.stallTimeoutMs': {
    name: 'Time without a byte',
    help: 'How long a download may receive nothing before Sheaf reconnects and continues.'
  },
  'network.retryAfterMaxSeconds': {
    name: 'Longest wait a server may ask for',
    help: 'A server that asks for more is tried again later.'
  },
  'sources.plan': {
    name: 'Sources and their order',
    help: 'Group by group from the top; within a group several are asked at once. Drag to reorder.'
  }
}

export const BUDGET_TEXT = {
  totalTimeoutMs: { name: 'Time per paper', help: 'How long all sources together may take for one paper.' },
  totalAttempts: { name: 'Requests per paper', help: 'How many requests one paper may cost.' },
  maxConcurrent: { name: 'Sources at once', help: 'How many sources are asked at the same time.' },
  perSourceTimeoutMs: { name: 'Time per source', help: 'For sources that have no time of their own.' },
  maxRateWaitMs: {
    name: 'Longest wait for a rate limit',
    help: 'A source whose host cannot be asked within this time is passed over while another source is left.'
  },
  offlineBehavior: { name: 'Without a network', help: 'What sources may do while this computer is offline.' }
} as const

export const OFFLINE_NAMES: Readonly<Record<OfflineBehaviour | 'wait', string>> = {
  wait: 'Wait until it is back',
  metadata_only: 'Look up metadata only',
  block_all: 'Make no requests',
  cache_only: 'Use stored answers'
}

export const SOURCE_ABOUT: Readonly<Record<SourceName, string>> = {
  unpaywall: 'Open copies of papers with a DOI',
  openalex: 'Open copies that OpenAlex lists',
  arxiv: 'Preprints with an arXiv id',
  pmc: 'Articles with a PMCID',
  biorxiv: 'Preprints on bioRxiv and medRxiv',
  openalex_content: 'OpenAlex’s own copies, $0.01 each; needs a key and a budget',
  zenodo: 'Deposits with a Zenodo DOI',
  figshare: 'Deposits with a figshare DOI',
  osf: 'Preprints on OSF servers',
  crossref: 'Links that publishers registered',
  semantic_scholar: 'Open copies it lists; needs a key',
  datacite: 'Links registered for repository DOIs',
  core: 'Repository copies; needs a key',
  hal: 'The French open archive',
  doaj: 'Articles of open-access journals',
  openaire: 'Repository copies across Europe',
  doi_redirect: 'Follows the DOI to the publisher',
  landing_scrape: 'Looks for the PDF on the publisher’s page',
  europe_pmc: 'Full texts of the life sciences',
  wayback: 'Copies of pages that are gone'
}

export const SWITCH_TEXT: Readonly<
  Record<SwitchPosition, { readonly name: string; readonly about: string }>
> = {
  off: {
    name: 'Off',
    about:
      'Papers are downloaded, checked and filed. Nothing is recorded: after a crash a download starts again, and a second run downloads everything again.'
  },
  canary: {
    name: 'Canary',
    about:
      'Some papers are crash-safe, the others are not; a paper always stays in its group. Insights compares both.'
  },
  on: {
    name: 'On',
    about:
      'Every step is recorded before it is taken. After a crash, a power cut or sleep, Sheaf continues from the bytes on disk and can show what happened.'
  }
}

export const THEME_NAMES = { system: 'Match system', light: 'Light', dark: 'Dark' } as const
export const FORMAT_NAMES = { pdf: 'PDF', xml: 'XML (full text)', html: 'HTML' } as const

export const ORIGIN_NAMES: Readonly<Record<SettingOrigin, string>> = {
  default: 'Default',
  file: 'Set by you',
  environment: 'From the environment',
  option: 'From an option at start'
}

const way = ({ proxy }: ConnectionTest): string =>
  proxy === null ? 'without a proxy' : `through the proxy ${proxy}`

export const SETTINGS_TEXT = {
  title: 'Settings',
  search: 'Search settings',
  results: 'Search results',
  sections: 'Sections of the settings',
  saved: 'Saved',
  reset: 'Reset to default',
  nothingFound: 'No setting is called that',
  nothingFoundText: 'Try another word, such as “speed”, “folder” or “proxy”.',
  showAll: 'Show all settings',
  loading: 'Reading the settings…',
  problems: 'Not everything in the settings file or the environment can be used:',
  decided: (variable: string) => `Decided by ${variable} in the environment; it cannot be changed here.`,
  decidedByOption: 'Decided by an option Sheaf was started with; it cannot be changed here.',
  choose: 'Choose…',
  noWatchFolder: 'No folder is watched',
  zoteroFolderFound: 'Found through Zotero’s profile',
  openFolder: 'Open',
  recommended: 'recommended',
  noLimit: 'no limit',
  unit: 'Unit',
  host: 'Host',
  rate: 'Requests a second',
  addHost: 'Add a host',
  removeHost: (host: string) => `Remove ${host}`,
  wrongHost: 'A host name such as www.example.org, or *.',
  sameHost: 'This host is in the list already.',
  allOthers: 'all other hosts',
  from: 'From',
  to: 'To',
  addRoute: 'Add a route',
  removeRoute: 'Remove this route',
  noRoutes: 'No routes.',
  wrongFrom: 'From must be an origin such as https://example.org, or *.',
  wrongTo: 'To must be a web address such as http://127.0.0.1:8080.',
  sourceOn: (source: string) => `${source}: use this source`,
  sourceTime: (source: string) => `${source}: time limit`,
  sourceRetries: (source: string) => `${source}: retries`,
  sourceRobots: (source: string) => `${source}: obey robots.txt`,
  sourceUp: (source: string) => `Move ${source} up`,
  sourceDown: (source: string) => `Move ${source} down`,
  sourceDrag: (source: string) => `Drag ${source}`,
  parallel: (tier: string) => `${tier}: at once`,
  atOnce: 'at once',
  columnTime: 'Time limit',
  columnRetries: 'Retries',
  columnRobots: 'robots.txt',
  columnOn: 'On',
  emptyTier: 'No source here. Drag one in, or this group is skipped.',
  budgets: 'Budgets',
  references: 'References',
  timing: 'Waiting',
  routes: 'For mirrors and tests',
  politeness: 'Politeness',
  access: 'Access',
  noCaFile: 'None',
  connection: 'Connection',
  connectionHelp: 'Asks OpenAlex once, with the settings above.',
  testConnection: 'Test connection',
  testing: 'Testing…',
  connected: (test: ConnectionTest) => `${test.host} answered in ${String(test.elapsedMs)} ms, ${way(test)}.`,
  answeredWith: (test: ConnectionTest) =>
    test.status === 407
      ? `The proxy ${test.proxy ?? ''} asks for a name and a password. Put them into its address: http://name:password@host:8080.`
      : `${test.host} answered with status ${String(test.status)}, ${way(test)}. Something on the way may have refused the request.`,
  notConnected: (test: ConnectionTest) =>
    `No connection, ${way(test)}. ${test.error?.message ?? ''} ${test.error?.hint ?? ''}`,
  example: 'Example',
  keys: 'Keys of services',
  keysHelp: 'Free keys raise a service’s limits, or are needed for it to answer at all.',
  dataFolder: 'Data folder',
  dataFolderHelp: 'The ledger, the settings file and the log.',
  openDataFolder: 'Open data folder',
  diagnostics: 'Diagnostics',
  diagnosticsHelp: 'A file for support: versions, settings, the log and figures. Secrets are left out.',
  exportDiagnostics: 'Export diagnostics',
  exported: (file: string) => `Diagnostics written to ${file}`,
  about: 'About Sheaf',
  version: (version: string) => `Version ${version}`,
  licence: 'Free software under the MIT licence.',
  builtWith:
    'Made with Electron, Svelte, Vite, sql.js, SQLite, axios, zod, pdf.js, PDFium, bits-ui, Lucide, D3, TanStack Virtual, svelte-dnd-action, cheerio, Papa Parse and the Inter typeface. Their licences come with the app.',
  attributions: [
    {
      text: 'Citations are formatted by citeproc-js, © 2009–2019 Frank Bennett, used unchanged under the Common Public Attribution License 1.0 (CPAL-1.0).',
      link: 'citeproc-js and its source',
      url: 'https://github.com/Juris-M/citeproc-js'
    },
    {
      text: 'Citation styles and languages: the Citation Style Language project and the authors that each names, unchanged, under Creative Commons Attribution-ShareAlike 3.0 (CC BY-SA 3.0).',
      link: 'Citation Style Language',
      url: 'https://citationstyles.org'
    }
  ]
} as const
