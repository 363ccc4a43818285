/**
 * Every field of the settings screen in order: its section and group, its control, and its search words. One
 * row of the table is one field on the screen.
 */
import type { SettingKey, Settings } from '../../../contract/settings'
import { SOURCES, TIERS } from '../../../contract/words'
import { sourceName } from '../../../contract/source-names'
import { COMPANION_TEXT } from '../../text/companion'
import { tierName } from '../../text/names'
import { STYLES } from '../../text/styles'
import { BUDGET_TEXT, FIELD_TEXT, SECTION_NAMES, SETTINGS_TEXT, type Section } from '../../text/settings'

export type BudgetName = Exclude<keyof typeof BUDGET_TEXT, 'offlineBehavior'>

interface Place {
  readonly id: string
  readonly section: Section
  readonly group?: string
}
/** The settings whose values are `T`. */
type KeyFor<T> = { [K in SettingKey]: Settings[K] extends T ? K : never }[SettingKey]

export type Entry = Place &
  (
    | { readonly kind: 'switch'; readonly key: KeyFor<boolean> }
    | { readonly kind: 'text'; readonly key: KeyFor<string> }
    | { readonly kind: 'size'; readonly key: KeyFor<number | null> }
    | { readonly kind: 'safety'; readonly key: 'safety.switch' }
    | { readonly kind: 'canary'; readonly key: 'safety.canaryPercent' }
    | { readonly kind: 'tiers'; readonly key: 'sources.plan' }
    | { readonly kind: 'rates'; readonly key: 'network.rates' }
    | { readonly kind: 'routes'; readonly key: 'network.connectTo' }
    | { readonly kind: 'theme'; readonly key: 'general.theme' }
    | { readonly kind: 'formats'; readonly key: 'files.formats' }
    | { readonly kind: 'library'; readonly key: 'files.library' }
    | { readonly kind: 'watch'; readonly key: 'files.watchFolder' }
    | { readonly kind: 'zoteroFolder'; readonly key: 'zotero.dataFolder' }
    | { readonly kind: 'template'; readonly key: 'files.nameTemplate' }
    | { readonly kind: 'keyPattern'; readonly key: 'export.citationKey' }
    | { readonly kind: 'caFile'; readonly key: 'network.caFile' }
    | {
        readonly kind: 'number'
        readonly key: KeyFor<number>
        readonly scale: number
        readonly unit: string
        readonly step: number
      }
    | {
        readonly kind: 'budget'
        readonly key: 'sources.plan'
        readonly budget: BudgetName
        readonly scale: number
        readonly unit: string
      }
    | { readonly kind: 'offline'; readonly key: 'sources.plan' }
    | {
        readonly kind: 'keys' | 'styles' | 'companion' | 'data' | 'diagnostics' | 'about' | 'connection'
        readonly key: null
      }
  )

const SECOND = { scale: 1_000, unit: 's', step: 1 } as const
const EACH = { scale: 1, unit: '', step: 1 } as const

const field = <N extends Entry['kind'], K extends SettingKey>(
  kind: N,
  key: K,
  section: Section,
  group?: string
) => ({
  id: key,
  key,
  kind,
  section,
  ...(group === undefined ? {} : { group })
})

const T = SETTINGS_TEXT

const budget = (name: BudgetName, scale: number, unit: string): Entry => ({
  id: `sources.${name}`,
  section: 'sources',
  group: T.budgets,
  kind: 'budget',
  key: 'sources.plan',
  budget: name,
  scale,
  unit
})

export const CATALOGUE: readonly Entry[] = [
  field('text', 'general.mailto', 'general'),
  field('theme', 'general.theme', 'general'),
  field('switch', 'general.keepAwake', 'general'),
  field('switch', 'general.closeToTray', 'general'),
  field('switch', 'general.checkUpdates', 'general'),

  field('safety', 'safety.switch', 'safety'),
  field('canary', 'safety.canaryPercent', 'safety'),
  { ...field('number', 'safety.leaseTtlSeconds', 'safety'), scale: 1, unit: 's', step: 10 },
  { ...field('number', 'safety.maxAttempts', 'safety'), ...EACH },

  field('tiers', 'sources.plan', 'sources'),
  budget('totalTimeoutMs', 1_000, 's'),
  budget('totalAttempts', 1, ''),
  budget('maxConcurrent', 1, ''),
  budget('perSourceTimeoutMs', 1_000, 's'),
  budget('maxRateWaitMs', 1_000, 's'),
  {
    id: 'sources.offlineBehavior',
    section: 'sources',
    group: T.budgets,
    kind: 'offline',
    key: 'sources.plan'
  },
  { ...field('number', 'sources.paidBudgetUsd', 'sources', T.budgets), scale: 1, unit: 'USD', step: 0.1 },

  { id: 'sources.keys', section: 'sources', group: T.access, kind: 'keys', key: null },

  { ...field('number', 'network.workers', 'network'), ...EACH },
  { ...field('number', 'network.lookUps', 'network'), ...EACH },
  { ...field('number', 'network.pages', 'network'), ...EACH },
  field('size', 'network.maxBandwidth', 'network'),
  { ...field('number', 'network.maxPerHost', 'network', T.politeness), ...EACH },
  field('rates', 'network.rates', 'network', T.politeness),
  field('switch', 'network.offline', 'network', T.politeness),
  field('switch', 'network.obeyRobots', 'network', T.politeness),
  {
    ...field('number', 'network.retryAfterMaxSeconds', 'network', T.politeness),
    scale: 1,
    unit: 's',
    step: 60
  },
  field('text', 'network.proxyPrefix', 'network', T.access),
  field('text', 'network.proxy', 'network', T.access),
  field('caFile', 'network.caFile', 'network', T.access),
  field('switch', 'network.systemCertificates', 'network', T.access),
  { id: 'network.test', section: 'network', group: T.access, kind: 'connection', key: null },
  field('switch', 'network.allowPrivateHosts', 'network', T.access),
  { ...field('number', 'network.connectTimeoutMs', 'network', T.timing), ...SECOND },
  { ...field('number', 'network.firstByteTimeoutMs', 'network', T.timing), ...SECOND },
  { ...field('number', 'network.stallTimeoutMs', 'network', T.timing), ...SECOND },
  field('routes', 'network.connectTo', 'network', T.routes),

  field('library', 'files.library', 'files'),
  field('template', 'files.nameTemplate', 'files'),
  field('formats', 'files.formats', 'files'),
  field('size', 'files.maxBytes', 'files'),
  field('switch', 'files.provenanceBeside', 'files'),
  field('watch', 'files.watchFolder', 'files'),
  field('keyPattern', 'export.citationKey', 'files', T.references),
  field('text', 'zotero.url', 'files', T.references),
  field('zoteroFolder', 'zotero.dataFolder', 'files', T.references),
  { id: 'files.styles', section: 'files', group: T.references, kind: 'styles', key: null },

  field('switch', 'companion.enabled', 'companion'),
  { ...field('number', 'companion.port', 'companion'), ...EACH },
  { id: 'companion.access', section: 'companion', kind: 'companion', key: null },

  field('switch', 'general.notify', 'notifications'),

  { id: 'advanced.data', section: 'advanced', kind: 'data', key: null },
  { id: 'advanced.diagnostics', section: 'advanced', kind: 'diagnostics', key: null },
  { id: 'advanced.about', section: 'advanced', kind: 'about', key: null }
]

export function nameOf(entry: Entry): string {
  switch (entry.kind) {
    case 'budget':
      return BUDGET_TEXT[entry.budget].name
    case 'offline':
      return BUDGET_TEXT.offlineBehavior.name
    case 'keys':
      return T.keys
    case 'companion':
      return COMPANION_TEXT.name
    case 'styles':
      return STYLES.name
    case 'connection':
      return T.connection
    case 'data':
      return T.dataFolder
    case 'diagnostics':
      return T.diagnostics
    case 'about':
      return T.about
    default:
      return FIELD_TEXT[entry.key].name
  }
}

export function helpOf(entry: Entry): string {
  switch (entry.kind) {
    case 'budget':
      return BUDGET_TEXT[entry.budget].help
    case 'offline':
      return BUDGET_TEXT.offlineBehavior.help
    case 'keys':
      return T.keysHelp
    case 'companion':
      return COMPANION_TEXT.help
    case 'styles':
      return STYLES.help
    case 'connection':
      return T.connectionHelp
    case 'data':
      return T.dataFolderHelp
    case 'diagnostics':
      return T.diagnosticsHelp
    case 'about':
      return T.builtWith
    default:
      return FIELD_TEXT[entry.key].help
  }
}

const SOURCE_WORDS = [...SOURCES.map(sourceName), ...TIERS.map(tierName), 'timeout retries order'].join(' ')
const MORE_WORDS: Readonly<Record<string, string>> = {
  'sources.plan': SOURCE_WORDS,
  'safety.switch': 'idempotency canary off on switch',
  'network.maxBandwidth': 'bandwidth throttle speed',
  'network.connectTimeoutMs': 'timeout',
  'network.firstByteTimeoutMs': 'timeout',
  'network.stallTimeoutMs': 'timeout stall',
  'network.proxyPrefix': 'ezproxy openathens university library subscription prefix',
  'network.proxy': 'pac automatic',
  'network.caFile': 'tls ssl https inspection root authority',
  'network.systemCertificates': 'tls ssl https inspection root authority',
  'network.test': 'proxy network check',
  'export.citationKey': 'bibtex bibliography cite jabref zotero better latex',
  'files.watchFolder': 'downloads browser hand-off',
  'zotero.url': 'reference manager port connector local api',
  'zotero.dataFolder': 'reference manager database sqlite',
  'companion.enabled': 'extension chrome firefox edge zotero connector',
  'companion.access': 'extension token password',
  'network.rates': 'rate limit',
  'general.mailto': 'email polite pool',
  'general.theme': 'theme dark light'
}

/** Entries that contain every word of the search: in the name, the help, the section or the key. */
export function found(search: string): readonly Entry[] {
  const words = search.toLowerCase().split(/\s+/).filter(Boolean)
  if (words.length === 0) return CATALOGUE
  return CATALOGUE.filter((entry) => {
    const text = [
      nameOf(entry),
      helpOf(entry),
      SECTION_NAMES[entry.section],
      entry.id,
      MORE_WORDS[entry.id] ?? ''
    ]
      .join(' ')
      .toLowerCase()
    return words.every((word) => text.includes(word))
  })
}
