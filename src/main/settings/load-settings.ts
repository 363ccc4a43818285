/**
 * Loads the settings in force with their origins: option, else environment, else file, else default
 * (docs/design.md §8, §9). Invariant: whatever the environment or a file contains, the result has a usable
 * value for every key and a sentence for everything unusable; only invalid options of the command line are
 * refused.
 */
import { SheafError, type ErrorData } from '../../contract/errors'
import {
  defaultSettings,
  SETTING_KEYS,
  type SettingKey,
  type SettingOrigin,
  type Settings
} from '../../contract/settings'
import type { Tier } from '../../contract/words'
import type { Files } from '../platform/files'
import { readEnvironment, type Environment } from './environment'
import type { PlanFile } from './plan-file'
import { applyPlanPatch, type PlanPatch } from './plan-patch'
import { withPreset, type PlanPreset } from './plan-presets'
import { problemData, type SettingProblem } from './problems'
import { readSettingsFile, type PlainKey, type PlainValues } from './settings-file'
import { keysOf, tableOf } from '../../contract/tables'

/** Settings changed by options; already validated. */
export interface SettingOverrides {
  readonly values: PlainValues
  /** replaces all rates */
  readonly rateOfEveryHost?: number
  /** merged over the existing rates */
  readonly rates?: Readonly<Record<string, number>>
  readonly plan?: PlanPatch
  /** changes to the plan in force, applied before those of single options */
  readonly planPreset?: PlanPreset
  /** only these tiers of the plan in force */
  readonly onlyTiers?: readonly Tier[]
  /** concurrent sources of a tier */
  readonly tierParallel?: Readonly<Partial<Record<Tier, number>>>
  /** `--fallback-plan`: treated as a file, above settings.json and below the environment */
  readonly planFile?: string
}

export interface LoadRequest {
  readonly files: Files
  readonly env: Environment
  readonly dataDir: string
  readonly overrides?: SettingOverrides
}

export interface LoadedSettings {
  readonly settings: Settings
  readonly origins: Readonly<Record<SettingKey, SettingOrigin>>
  /** warnings: everything unusable in environment and file */
  readonly problems: readonly ErrorData[]
}

export async function loadSettings(request: LoadRequest): Promise<LoadedSettings> {
  const { files, env, dataDir, overrides = { values: {} } } = request
  const file = await readSettingsFile(files, dataDir)
  const environment = readEnvironment(env)
  const problems: SettingProblem[] = [...file.problems, ...environment.problems]
  const planFile = await findPlanFile(files, overrides.planFile ?? null, environment.planFile, problems)

  const fromEnvironment: PlainValues =
    environment.switchPosition === null ? {} : { 'safety.switch': environment.switchPosition }
  const layers: readonly [SettingOrigin, PlainValues][] = [
    ['file', file.values],
    ['environment', fromEnvironment],
    ['option', overrides.values]
  ]
  const settings = defaultSettings()
  const origins = tableOf<SettingKey, SettingOrigin>(SETTING_KEYS, () => 'default')
  for (const [origin, values] of layers) {
    for (const key of keysOf(values)) {
      put(settings, key, values[key])
      origins[key] = origin
    }
  }
  const rates = ratesWith(settings['network.rates'], overrides)
  if (rates !== null) {
    settings['network.rates'] = rates
    origins['network.rates'] = 'option'
  }
  const plans: readonly [SettingOrigin, PlanPatch | null | undefined][] = [
    ['file', file.plan],
    ['file', planFile?.patch],
    ['environment', environment.plan],
    ['option', overrides.plan]
  ]
  for (const [origin, patch] of plans) {
    if (origin === 'option' && overrides.planPreset !== undefined) {
      settings['sources.plan'] = withPreset(settings['sources.plan'], overrides.planPreset)
      origins['sources.plan'] = origin
    }
    if (!patch || Object.keys(patch).length === 0) continue
    settings['sources.plan'] = applyPlanPatch(settings['sources.plan'], patch)
    origins['sources.plan'] = origin
  }
  const { onlyTiers, tierParallel = {} } = overrides
  if (onlyTiers !== undefined) {
    const plan = settings['sources.plan']
    settings['sources.plan'] = {
      ...plan,
      tiers: plan.tiers
        .filter(({ name }) => onlyTiers.includes(name))
        .map((tier) => ({ ...tier, parallel: tierParallel[tier.name] ?? tier.parallel }))
    }
    origins['sources.plan'] = 'option'
  }
  return { settings, origins, problems: problems.map(problemData) }
}

type Mutable = { -readonly [K in SettingKey]: Settings[K] }

function put<K extends PlainKey>(settings: Mutable, key: K, value: Mutable[K] | undefined): void {
  if (value !== undefined) settings[key] = value
}

function ratesWith(
  rates: Settings['network.rates'],
  overrides: SettingOverrides
): Record<string, number> | null {
  if (overrides.rateOfEveryHost === undefined && overrides.rates === undefined) return null
  const named = overrides.rates ?? {}
  if (overrides.rateOfEveryHost !== undefined) return { '*': overrides.rateOfEveryHost, ...named }
  // A rate for a host applies to all of it: the table's rates for single paths are dropped.
  const base = Object.entries(rates).filter(
    ([key]) => !key.includes('/') || named[key.slice(0, key.indexOf('/'))] === undefined
  )
  return { ...Object.fromEntries(base), ...named }
}

async function findPlanFile(
  files: Files,
  fromOption: string | null,
  fromEnvironment: string | null,
  problems: SettingProblem[]
): Promise<PlanFile | null> {
  const path = fromOption ?? fromEnvironment
  if (path === null) return null
  try {
    // YAML is a large library, and plan files are rare.
    const { readPlanFile } = await import('./plan-file')
    const plan = await readPlanFile(files, path)
    problems.push(...plan.notes)
    return plan
  } catch (error) {
    if (fromOption !== null || !(error instanceof SheafError)) throw error
    problems.push({ where: 'environment', path: '', sentence: error.message })
    return null
  }
}
