/**
 * Options that change a setting for one command. Their limits come from the settings' own schemas, so that a
 * refusal never names limits other than those enforced.
 */
import { resolve } from 'node:path'
import { keyPatternProblem } from '../../contract/citation-key-pattern'
import { fail } from '../../contract/errors'
import { SETTINGS, fallbackPlanSchema, tierPlanSchema, type SourcePolicy } from '../../contract/settings'
import { FORMATS, OFFLINE_BEHAVIOURS, SOURCES, TIERS, type SourceName } from '../../contract/words'
import { allowedValues } from '../settings/allowed-values'
import { readPlanText } from '../settings/plan-patch'
import { PLAN_PRESETS } from '../settings/plan-presets'
import { settingKey, takeValue } from '../settings/save-setting'
import { keep, type PlainKey } from '../settings/settings-file'
import { choice, flag, notEmpty, option, textOption, type Draft, type OptionSpec } from './option-spec'
import { byteCount, hostRate, listOf, plainNumber, reroute, wholeNumber } from './option-values'

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
      const read = readPlanText(field, text)
      if (read.success) draft.planFields[field] = read.data
      return read.success
    }
  )

/** An option of `export` that overrides the setting. */
export const CITATION_KEY = settingOption('--citation-key <pattern>', 'export.citationKey', (text) => {
  const problem = keyPatternProblem(text)
  // The sentence names the unknown word.
  return problem === null ? text : fail('BAD_OPTION', `--citation-key ${problem}.`)
})

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
  textOption('--fallback-plan <file>', 'a YAML file', 'sources, order, budgets and policies', (text, d) => {
    d.planFile = text
  }),
  choice(
    '--fallback-preset <name>',
    PLAN_PRESETS,
    'the plan in force, tuned as DocsToKG’s guide says; single options count beside it',
    (value, d) => {
      d.planPreset = value
    }
  ),
  planOption('--fallback-total-timeout-ms <ms>', 'totalTimeoutMs', 'time for one work'),
  planOption('--fallback-total-attempts <n>', 'totalAttempts', 'attempts for one work'),
  planOption('--fallback-max-attempts <n>', 'totalAttempts', 'the same, as DocsToKG spells it'),
  planOption('--fallback-max-concurrent <n>', 'maxConcurrent', 'sources asked at a time for one work'),
  planOption('--fallback-per-source-timeout-ms <ms>', 'perSourceTimeoutMs', 'time for one source'),
  choice(
    '--fallback-offline-behavior <how>',
    OFFLINE_BEHAVIOURS,
    'what may be asked while offline',
    (value, d) => {
      d.planFields['offlineBehavior'] = value
    }
  ),
  option(
    '--fallback-tier <name>',
    () => `one of ${TIERS.join(', ')}, each also with :parallel=1 to :parallel=16`,
    'ask only the sources of this tier, so many at a time (repeatable)',
    (text, d) => {
      const [, names = '', parallel] = /^([^:]*)(?::parallel=(\d{1,2}))?$/.exec(text) ?? []
      const read = listOf(names, TIERS)
      const atOnce = tierPlanSchema.shape.parallel.optional().safeParse(parallel && Number(parallel))
      if (read === null || !atOnce.success) return null
      const { data } = atOnce
      if (data !== undefined)
        d.tierParallel = { ...d.tierParallel, ...Object.fromEntries(read.map((name) => [name, data])) }
      return (d.onlyTiers = [...(d.onlyTiers ?? []), ...read])
    }
  ),
  flag('--disable-wayback-fallback', 'do not ask the Wayback Machine', (d) => {
    d.disabled.push('wayback')
  }),
  option(
    '--max-bandwidth <rate>',
    () => 'bytes a second such as 500K, 2M or 1.5MiB, at least 1024',
    'for all downloads together',
    (text, d) => keep(d.values, 'network.maxBandwidth', byteCount(text) ?? -1) === null
  ),
  option(
    '--rate <host=n/s>',
    'a host and a rate such as arxiv.org=1/3s, example.org=30/m or *=2/s, from 1/d (one a day) to 10000/s',
    'requests to a host, all its ports together (repeatable; * for every host)',
    (text, d) => {
      const read = hostRate(text)
      if (read === null) return null
      if (read.host === '*') d.rateOfEveryHost = read.perSecond
      else d.rates[read.host] = read.perSecond
      return true
    }
  ),
  settingOption(
    '--paid-budget <usd>',
    'sources.paidBudgetUsd',
    (text) => (/^\d+(\.\d+)?$/.test(text) ? Number(text) : null),
    'dollars a day for OpenAlex’s own copies, $0.01 each; needs its key and crash-safe downloads'
  ),
  settingOption('--max-per-host <n>', 'network.maxPerHost', (text) => wholeNumber(text, 0, 1e9)),
  flag('--ignore-robots', 'do not obey robots.txt', (d) => {
    d.values['network.obeyRobots'] = false
  }),
  flag('--allow-private-hosts', SETTINGS['network.allowPrivateHosts'].about, (d) => {
    d.values['network.allowPrivateHosts'] = true
  }),
  option(
    '--ca-file <file>',
    'a file with certificates, PEM or DER',
    'trust these certificate authorities as well, such as that of a network that inspects TLS',
    (text, d) => text !== '' && keep(d.values, 'network.caFile', resolve(text)) === null
  ),
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
    'how long a download may receive nothing',
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

/** The policies resulting from `--sources` and `--disable-source`. */
export function policiesOf(draft: Draft): Partial<Record<SourceName, Partial<SourcePolicy>>> | null {
  if (draft.onlySources === undefined && draft.disabled.length === 0) return null
  return Object.fromEntries(
    SOURCES.filter((name) => draft.onlySources !== undefined || draft.disabled.includes(name)).map((name) => [
      name,
      { enabled: (draft.onlySources?.includes(name) ?? true) && !draft.disabled.includes(name) }
    ])
  )
}
