/**
 * A partial fallback plan from any origin: options, environment, a YAML file, the settings file. Each
 * contains only its changes, in Sheaf's form or in DocsToKG's (`budgets`, `tiers`, `policies`, `gates`), in
 * snake_case or camelCase. Errors are reported with their path and what is allowed; valid parts beside them
 * are used.
 */
import { z } from 'zod'
import {
  fallbackPlanSchema,
  sourcePolicySchema,
  tierPlanSchema,
  type FallbackPlan,
  type SourcePolicy,
  type TierPlan
} from '../../contract/settings'
import { SOURCES, TIERS, type SourceName } from '../../contract/words'
import { allowedValues } from './allowed-values'
import { wrongValue, type SettingProblem } from './problems'
import { isOneOf } from '../../contract/tables'

type PlanField = Exclude<keyof FallbackPlan, 'tiers' | 'policies'>

export type PlanPatch = {
  readonly [K in PlanField]?: FallbackPlan[K]
} & {
  readonly tiers?: readonly TierPlan[]
  readonly policies?: Readonly<Partial<Record<SourceName, Partial<SourcePolicy>>>>
}

/** Applies the patch to the plan; tiers are replaced, policies merged by source. */
export function applyPlanPatch(plan: FallbackPlan, patch: PlanPatch): FallbackPlan {
  const { tiers, policies, ...fields } = patch
  const merged = { ...plan.policies }
  for (const name of SOURCES) {
    const change = policies?.[name]
    if (change) merged[name] = { ...merged[name], ...change }
  }
  return {
    ...plan,
    ...fields,
    policies: merged,
    tiers: tiers ? tiers.map((tier) => ({ ...tier, sources: [...tier.sources] })) : plan.tiers
  }
}

const BUDGETS = ['totalTimeoutMs', 'totalAttempts', 'maxConcurrent', 'perSourceTimeoutMs'] as const
const GATES = ['offlineBehavior', 'maxRateWaitMs'] as const
/** One number or word of a plan, typed as an option or in an environment variable. */
export function readPlanText(field: PlanField, text: string): z.ZodSafeParseResult<FallbackPlan[PlanField]> {
  return fallbackPlanSchema.shape[field].safeParse(/^\d+$/.test(text) ? Number(text) : text)
}

const FIELDS: readonly PlanField[] = [...BUDGETS, ...GATES]

/** DocsToKG's names of our fields. */
const SAME: Readonly<Record<string, string>> = {
  maxWaitMs: 'maxRateWaitMs',
  skipIfRateWaitExceedsMs: 'maxRateWaitMs',
  retriesMax: 'retries',
  robotsRespect: 'robots'
}
const camel = (key: string): string => {
  const word = key.replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase())
  return SAME[word] ?? word
}
/** DocsToKG's names of the same sources: `unpaywall_pdf`, `arxiv_pdf`, …. */
const sourceName = (name: unknown): unknown => (typeof name === 'string' ? name.replace(/_pdf$/, '') : name)

/** Converts a path to its location, for instance a file with its line. */
export type WhereIs = (path: readonly (string | number)[]) => string

export interface ReadPlan {
  readonly patch: PlanPatch
  readonly problems: readonly SettingProblem[]
}

export function readPlanPatch(raw: unknown, whereIs: WhereIs): ReadPlan {
  const reading = new Reading(whereIs)
  reading.root(raw)
  return { patch: { ...reading.fields, ...reading.lists }, problems: reading.problems }
}

type Path = readonly (string | number)[]

class Reading {
  readonly problems: SettingProblem[] = []
  readonly fields: { [K in PlanField]?: FallbackPlan[K] } = {}
  readonly lists: { tiers?: TierPlan[]; policies?: Partial<Record<SourceName, Partial<SourcePolicy>>> } = {}

  constructor(private readonly whereIs: WhereIs) {}

  root(raw: unknown): void {
    for (const [key, value] of this.entries(raw, [])) {
      const path = [key]
      const name = camel(key)
      if (name === 'budgets') this.group(value, path, BUDGETS)
      else if (name === 'gates') this.gates(value, path)
      else if (name === 'tiers') this.tiers(value, path)
      else if (name === 'policies') this.policies(value, path)
      else if (isField(name)) this.field(name, value, path)
      else if (name === 'thresholds') {
        this.note(path, 'has no effect: which statuses are tried again is fixed in Sheaf.')
      } else if (name !== 'metadata' && name !== 'version') {
        this.wrong(
          path,
          `is not known; allowed are budgets, tiers, policies, gates and ${FIELDS.join(', ')}.`
        )
      }
    }
  }

  private group(raw: unknown, path: Path, allowed: readonly PlanField[]): void {
    for (const [key, value] of this.entries(raw, path)) {
      const name = camel(key)
      if (isField(name) && allowed.includes(name)) this.field(name, value, [...path, key])
      else this.wrong([...path, key], `is not known; allowed are ${allowed.map(snake).join(', ')}.`)
    }
  }

  private gates(raw: unknown, path: Path): void {
    const rest: Record<string, unknown> = {}
    for (const [key, value] of this.entries(raw, path)) {
      if (camel(key) !== 'skipIfBreakerOpen') rest[key] = value
      else if (value !== true) {
        this.note([...path, key], 'has no effect: a host in trouble is always left alone for a while.')
      }
    }
    this.group(rest, path, GATES)
  }

  private field(name: PlanField, value: unknown, path: Path): void {
    const read = this.value(fallbackPlanSchema.shape[name], value, path)
    if (read !== undefined) Object.assign(this.fields, { [name]: read })
  }

  private tiers(raw: unknown, path: Path): void {
    if (!Array.isArray(raw)) {
      this.wrong(path, wrongValue(raw, 'a list of tiers with name, parallel and sources'))
      return
    }
    const tiers = raw.map((tier: unknown, index) => this.tier(tier, [...path, index]))
    // A chain with a missing tier is not what was requested: all of it or nothing.
    if (tiers.every((tier) => tier !== null)) this.lists.tiers = tiers
  }

  private tier(raw: unknown, path: Path): TierPlan | null {
    const shape = tierPlanSchema.shape
    const seen: { name?: TierPlan['name']; parallel?: number; sources?: SourceName[] } = {}
    const before = this.problems.length
    for (const [key, value] of this.entries(raw, path)) {
      const at = [...path, key]
      if (key === 'name') seen.name = this.value(shape.name, value, at) ?? TIERS[0]
      else if (key === 'parallel') seen.parallel = this.value(shape.parallel, value, at) ?? 1
      else if (key === 'sources') seen.sources = this.sources(value, at)
      else this.wrong(at, 'is not known; allowed are name, parallel, sources.')
    }
    if (this.problems.length > before) return null
    const { name, parallel, sources } = seen
    if (name === undefined || sources === undefined) {
      this.wrong(path, `lacks ${name === undefined ? 'its name' : 'its sources'}.`)
      return null
    }
    return { name, parallel: parallel ?? 1, sources }
  }

  private sources(raw: unknown, path: Path): SourceName[] {
    if (!Array.isArray(raw)) {
      this.wrong(path, wrongValue(raw, `a list of sources: ${SOURCES.join(', ')}`))
      return []
    }
    return raw.flatMap((name: unknown, index) => {
      const read = this.value(z.enum(SOURCES), sourceName(name), [...path, index])
      return read === undefined ? [] : [read]
    })
  }

  private policies(raw: unknown, path: Path): void {
    const policies: Partial<Record<SourceName, Partial<SourcePolicy>>> = {}
    for (const [key, value] of this.entries(raw, path)) {
      const name = z.enum(SOURCES).safeParse(sourceName(key))
      if (name.success) policies[name.data] = this.policy(value, [...path, key])
      else this.wrong([...path, key], `is not a source; allowed are ${SOURCES.join(', ')}.`)
    }
    this.lists.policies = policies
  }

  private policy(raw: unknown, path: Path): Partial<SourcePolicy> {
    const shape = sourcePolicySchema.shape
    const policy: { -readonly [K in keyof SourcePolicy]?: SourcePolicy[K] } = {}
    for (const [key, value] of this.entries(raw, path)) {
      const at = [...path, key]
      const name = camel(key)
      if (name === 'timeoutMs' || name === 'retries') {
        const read = this.value(shape[name], value, at)
        if (read !== undefined) policy[name] = read
      } else if (name === 'enabled' || name === 'robots') {
        const read = this.value(shape[name], value, at)
        if (read !== undefined) policy[name] = read
      } else this.wrong(at, 'is not known; allowed are enabled, timeout_ms, retries_max, robots_respect.')
    }
    return policy
  }

  private entries(raw: unknown, path: Path): [string, unknown][] {
    if (raw !== null && typeof raw === 'object' && !Array.isArray(raw)) return Object.entries(raw)
    this.wrong(path, wrongValue(raw, 'a group of keys with values'))
    return []
  }

  private value<S extends z.ZodType>(schema: S, value: unknown, path: Path): z.output<S> | undefined {
    const read = schema.safeParse(value)
    if (read.success) return read.data
    this.wrong(path, wrongValue(value, allowedValues(schema)))
    return undefined
  }

  private wrong(path: Path, sentence: string): void {
    this.problems.push({ where: this.whereIs(path), path: path.join('.'), sentence })
  }

  private note(path: Path, sentence: string): void {
    this.problems.push({ where: this.whereIs(path), path: path.join('.'), sentence, note: true })
  }
}

function isField(name: string): name is PlanField {
  return isOneOf(FIELDS, name)
}

function snake(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)
}
