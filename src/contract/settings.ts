/**
 * Every setting, once: schema (type, range), default, unit and meaning. The command line, the settings file,
 * the environment and the app all read this table; no other module contains a default.
 */
import { z } from 'zod'
import { keyPatternProblem } from './citation-key-pattern'
import { PROXY_PREFIX_ALLOWED, isProxyPrefix } from './proxy-words'
import { LEAST_PER_SECOND, MOST_PER_SECOND, defaultRates } from './service-limits'
import {
  FORMATS,
  MOST_FOLDERS,
  NAME_WORDS_ALLOWED,
  OFFLINE_BEHAVIOURS,
  SOURCES,
  SWITCH_POSITIONS,
  TIERS,
  unknownNameWords
} from './words'
import { keysOf } from './tables'

export const THEMES = ['system', 'light', 'dark'] as const
export type Theme = (typeof THEMES)[number]

export const sourcePolicySchema = z.strictObject({
  enabled: z.boolean(),
  timeoutMs: z.number().int().min(100).max(600_000),
  retries: z.number().int().min(0).max(10),
  robots: z.boolean()
})
export type SourcePolicy = z.infer<typeof sourcePolicySchema>

export const tierPlanSchema = z.strictObject({
  name: z.enum(TIERS),
  parallel: z.number().int().min(1).max(16),
  sources: z.array(z.enum(SOURCES))
})
export type TierPlan = z.infer<typeof tierPlanSchema>

const policy = (timeoutMs: number, retries: number, robots = false, enabled = true): SourcePolicy => ({
  enabled,
  timeoutMs,
  retries,
  robots
})

/** docs/design.md §8: tiers, budgets and policies of the chain of sources. */
export const fallbackPlanSchema = z.strictObject({
  totalTimeoutMs: z.number().int().min(1_000).max(3_600_000).default(120_000),
  totalAttempts: z.number().int().min(1).max(1_000).default(20),
  maxConcurrent: z.number().int().min(1).max(32).default(3),
  perSourceTimeoutMs: z.number().int().min(100).max(600_000).default(10_000),
  /** a source that would have to wait longer than this is skipped while its tier has other sources */
  maxRateWaitMs: z.number().int().min(0).max(600_000).default(5_000),
  offlineBehavior: z.enum(OFFLINE_BEHAVIOURS).nullable().default(null),
  tiers: z.array(tierPlanSchema).default([
    {
      name: 'direct_oa',
      parallel: 2,
      // By expected yield and cost; sources of a single repository are queried only for its own DOIs.
      sources: [
        'pmc',
        'arxiv',
        'biorxiv',
        'zenodo',
        'figshare',
        'osf',
        'openalex',
        'crossref',
        'unpaywall',
        'semantic_scholar',
        'datacite',
        'core',
        'hal',
        'doaj',
        'openaire'
      ]
    },
    { name: 'doi_follow', parallel: 1, sources: ['doi_redirect'] },
    { name: 'landing_scrape', parallel: 2, sources: ['landing_scrape', 'europe_pmc'] },
    // Paid sources come after all free ones.
    { name: 'archive', parallel: 1, sources: ['wayback', 'openalex_content'] }
  ]),
  policies: z.record(z.enum(SOURCES), sourcePolicySchema).default({
    unpaywall: policy(6_000, 2),
    openalex: policy(10_000, 2),
    arxiv: policy(8_000, 3),
    pmc: policy(8_000, 3),
    doi_redirect: policy(10_000, 2, true),
    landing_scrape: policy(12_000, 2, true),
    europe_pmc: policy(6_000, 2),
    wayback: policy(10_000, 1),
    crossref: policy(10_000, 2),
    semantic_scholar: policy(10_000, 1),
    core: policy(10_000, 1),
    doaj: policy(10_000, 1, false, false),
    hal: policy(10_000, 1, false, false),
    zenodo: policy(10_000, 2),
    osf: policy(10_000, 1),
    figshare: policy(10_000, 1),
    openaire: policy(20_000, 0, false, false),
    datacite: policy(10_000, 1),
    biorxiv: policy(10_000, 1),
    openalex_content: policy(10_000, 1)
  })
})
export type FallbackPlan = z.infer<typeof fallbackPlanSchema>

interface Setting<S extends z.ZodType> {
  readonly schema: S
  readonly default: z.output<S>
  readonly unit?: 'ms' | 's' | 'bytes' | 'bytes/s' | 'requests/s' | '%' | 'USD'
  readonly about: string
}
const setting = <S extends z.ZodType>(
  schema: S,
  initial: z.output<S>,
  about: string,
  unit?: Setting<S>['unit']
): Setting<S> => ({ schema, default: initial, about, ...(unit ? { unit } : {}) })

const origin = z.string().regex(/^(\*|https?:\/\/[^/\s]+)$/, 'an origin such as https://example.org, or *')

export const SETTINGS = {
  'general.mailto': setting(
    z.union([z.literal(''), z.email()]),
    '',
    'Required by Unpaywall; NCBI and Crossref ask for it too. Every server that Sheaf asks can see it.'
  ),
  'general.keepAwake': setting(z.boolean(), false, 'Keep the computer awake while downloading.'),
  'general.theme': setting(z.enum(THEMES), 'system', 'Light, dark, or the same as the system.'),
  'general.notify': setting(z.boolean(), true, 'Tell when a run ends or something needs you.'),
  'general.closeToTray': setting(
    z.boolean(),
    false,
    'Closing the window leaves Sheaf working, reachable through its icon in the tray.'
  ),
  'general.checkUpdates': setting(
    z.boolean(),
    true,
    'Look for newer versions of Sheaf and fetch them in the background.'
  ),
  'safety.switch': setting(z.enum(SWITCH_POSITIONS), 'off', 'Crash-safe downloads: off, canary or on.'),
  'safety.canaryPercent': setting(
    z.number().int().min(0).max(100),
    10,
    'How many of a hundred works are crash-safe under canary.',
    '%'
  ),
  'safety.leaseTtlSeconds': setting(
    z.number().min(1).max(86_400),
    120,
    'How long a worker may be silent before its job is given to another.',
    's'
  ),
  'safety.maxAttempts': setting(
    z.number().int().min(1).max(1_000),
    6,
    'How often a failing job is retried automatically.'
  ),
  'files.library': setting(z.string(), '', 'The library folder; empty means Documents/Sheaf.'),
  'files.nameTemplate': setting(
    z
      .string()
      .min(1)
      .max(300)
      .refine((template) => unknownNameWords(template).length === 0, {
        error: ({ input }) =>
          `has no word {${unknownNameWords(String(input))[0] ?? ''}}; ${NAME_WORDS_ALLOWED}`
      })
      .refine((template) => template.split('/').length - 1 <= MOST_FOLDERS, {
        error: `names more than ${String(MOST_FOLDERS)} folders`
      }),
    '{firstAuthor} {year} – {title}',
    'How papers are named; a `/` begins a subfolder.'
  ),
  'export.citationKey': setting(
    z
      .string()
      .max(200)
      .refine((pattern) => keyPatternProblem(pattern) === null, {
        error: ({ input }) => keyPatternProblem(String(input)) ?? ''
      }),
    '',
    'Citation keys of works that no file of yours gave one, by a pattern such as [auth:lower][year]; empty: Sheaf’s own.'
  ),
  'files.formats': setting(z.array(z.enum(FORMATS)).min(1), ['pdf'], 'Which files of a work to fetch.'),
  'files.maxBytes': setting(
    z.number().int().min(1_024).max(1e12),
    500_000_000,
    'Larger files are refused.',
    'bytes'
  ),
  'files.provenanceBeside': setting(z.boolean(), false, 'Write where a paper comes from as JSON beside it.'),
  'files.watchFolder': setting(
    z.string().max(4_096),
    '',
    'A folder that your browser saves to: a new PDF in it that is surely a paper that waits is attached. Empty: none.'
  ),
  'zotero.url': setting(
    z
      .string()
      .regex(
        /^http:\/\/(?:127\.0\.0\.1|localhost|\[::1\]):[1-9]\d{0,4}$/,
        'an address of this computer such as http://127.0.0.1:23119'
      ),
    'http://127.0.0.1:23119',
    'Where the app finds a running Zotero.'
  ),
  'zotero.dataFolder': setting(
    z.string().max(4_096),
    '',
    'The folder with zotero.sqlite, for the app; empty: found through Zotero’s profile.'
  ),
  'companion.enabled': setting(
    z.boolean(),
    false,
    'Let the browser companion send papers to Sheaf: a port on this computer only, with a token.'
  ),
  'companion.port': setting(
    z.number().int().min(1_024).max(65_535),
    23_174,
    'The port on 127.0.0.1 that the browser companion speaks to.'
  ),
  'network.workers': setting(z.number().int().min(1).max(64), 8, 'Files downloaded at a time.'),
  'network.lookUps': setting(z.number().int().min(1).max(64), 4, 'Questions to services at a time.'),
  'network.pages': setting(z.number().int().min(1).max(64), 4, 'Web pages opened at a time.'),
  'network.maxPerHost': setting(z.number().int().min(1).max(32), 2, 'Connections to one host at a time.'),
  'network.rates': setting(
    z.record(z.string(), z.number().min(LEAST_PER_SECOND).max(MOST_PER_SECOND)),
    defaultRates(),
    'Requests a second for a host, or for a host and the beginning of a path; * is for all others.',
    'requests/s'
  ),
  'network.maxBandwidth': setting(
    z.number().int().min(1_024).nullable(),
    null,
    'Bytes a second for all downloads together.',
    'bytes/s'
  ),
  'network.proxy': setting(
    z.union([z.literal(''), z.literal('system'), z.literal('none'), z.url()]),
    '',
    'A proxy’s URL; empty means the environment’s; system means the system’s own settings and PAC script (in the app; on the command line the environment’s); none means none.'
  ),
  'network.caFile': setting(
    z.string().max(4_096),
    '',
    'A file with certificates (PEM or DER) of authorities to trust as well, such as that of a network that inspects TLS; empty means none.'
  ),
  'network.systemCertificates': setting(
    z.boolean(),
    true,
    'Also trust the certificate authorities that are installed on this computer.'
  ),
  'network.proxyPrefix': setting(
    z.union([
      z.literal(''),
      z
        .string()
        .refine((text) => text.length <= 2_000 && isProxyPrefix(text), { error: PROXY_PREFIX_ALLOWED })
        .meta({ format: 'uri' })
    ]),
    '',
    'How your library opens publisher addresses: a prefix, an OpenAthens redirector, or a rewritten host (%h, %H, %p, %u).'
  ),
  'network.offline': setting(
    z.boolean(),
    false,
    'Work offline: the plan’s offline behaviour then says what sources may do.'
  ),
  'network.obeyRobots': setting(z.boolean(), true, 'Obey robots.txt for landing pages.'),
  'network.allowPrivateHosts': setting(z.boolean(), false, 'Allow addresses inside private networks.'),
  'network.connectTo': setting(
    z.array(z.strictObject({ from: origin, to: z.url() })),
    [],
    'Send the traffic of one origin to another.'
  ),
  'network.connectTimeoutMs': setting(
    z.number().int().min(100).max(600_000),
    10_000,
    'How long to wait for a connection.',
    'ms'
  ),
  'network.firstByteTimeoutMs': setting(
    z.number().int().min(100).max(600_000),
    30_000,
    'How long to wait for an answer.',
    'ms'
  ),
  'network.stallTimeoutMs': setting(
    z.number().int().min(100).max(600_000),
    30_000,
    'How long a download may receive nothing.',
    'ms'
  ),
  'network.retryAfterMaxSeconds': setting(
    z.number().int().min(0).max(86_400),
    900,
    'The longest wait a server may ask for.',
    's'
  ),
  'sources.paidBudgetUsd': setting(
    z.number().min(0).max(1_000),
    0,
    'What OpenAlex’s own copies ($0.01 each) may cost a day, counted from midnight UTC; 0: none is fetched.',
    'USD'
  ),
  'sources.plan': setting(
    fallbackPlanSchema,
    fallbackPlanSchema.parse({}),
    'Sources, their order, budgets and policies.'
  )
} as const

export type SettingKey = keyof typeof SETTINGS
export const SETTING_KEYS = keysOf(SETTINGS)
export type Settings = { readonly [K in SettingKey]: z.output<(typeof SETTINGS)[K]['schema']> }

/** The default of every setting, as a fresh copy. */
export function defaultSettings(): { -readonly [K in SettingKey]: Settings[K] } {
  const all = Object.fromEntries(Object.entries(SETTINGS).map(([key, entry]) => [key, entry.default]))
  return structuredClone(all) as { -readonly [K in SettingKey]: Settings[K] }
}

/** The origins of a value, weakest first (docs/design.md §8). */
export const SETTING_ORIGINS = ['default', 'file', 'environment', 'option'] as const
export type SettingOrigin = (typeof SETTING_ORIGINS)[number]
