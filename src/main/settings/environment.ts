/**
 * Settings from the environment: the switch and the fallback budgets, under the names that DocsToKG reads. An
 * invalid value is reported and the next weaker origin is used; an empty one counts as not set.
 */
import { fallbackPlanSchema } from '../../contract/settings'
import type { SwitchPosition } from '../../contract/words'
import { allowedValues } from './allowed-values'
import { readPlanText, type PlanPatch } from './plan-patch'
import { wrongValue, type SettingProblem } from './problems'

export type Environment = Readonly<Record<string, string | undefined>>

export const SWITCH_VARIABLE = 'DOCSTOKG_ENABLE_IDEMPOTENCY'
export const PLAN_VARIABLE = 'DOCSTOKG_FALLBACK_PLAN'

const BUDGET_VARIABLES = {
  DOCSTOKG_FALLBACK_TOTAL_TIMEOUT_MS: 'totalTimeoutMs',
  DOCSTOKG_FALLBACK_TOTAL_ATTEMPTS: 'totalAttempts',
  DOCSTOKG_FALLBACK_MAX_CONCURRENT: 'maxConcurrent',
  DOCSTOKG_FALLBACK_PER_SOURCE_TIMEOUT_MS: 'perSourceTimeoutMs',
  DOCSTOKG_FALLBACK_OFFLINE_BEHAVIOR: 'offlineBehavior'
} as const

export interface ReadEnvironment {
  readonly switchPosition: SwitchPosition | null
  readonly plan: PlanPatch
  readonly planFile: string | null
  readonly problems: readonly SettingProblem[]
}

export function readEnvironment(env: Environment): ReadEnvironment {
  const problems: SettingProblem[] = []
  const switchText = env[SWITCH_VARIABLE]?.trim().toLowerCase() ?? ''
  let switchPosition: SwitchPosition | null = null
  if (switchText === 'true') switchPosition = 'on'
  else if (switchText === 'false') switchPosition = 'off'
  else if (switchText !== '') {
    problems.push(wrong(SWITCH_VARIABLE, env[SWITCH_VARIABLE], 'true or false'))
  }
  const plan: Record<string, unknown> = {}
  for (const [variable, field] of Object.entries(BUDGET_VARIABLES)) {
    const text = env[variable]?.trim() ?? ''
    if (text === '') continue
    const read = readPlanText(field, text)
    if (read.success) plan[field] = read.data
    else problems.push(wrong(variable, text, allowedValues(fallbackPlanSchema.shape[field])))
  }
  return { switchPosition, plan, planFile: env[PLAN_VARIABLE]?.trim() || null, problems }
}

function wrong(variable: string, value: unknown, allowed: string): SettingProblem {
  return { where: 'environment', path: variable, sentence: wrongValue(value, allowed) }
}
