/**
 * A problem of a setting, with its location. It stops nothing by itself: the caller decides whether it is a
 * warning (environment, file) or a refusal (an option).
 */
import type { ErrorData } from '../../contract/errors'
import { cutAt } from '../../contract/limits'

export interface SettingProblem {
  /** its location for the user: `settings.json`, `plan.yaml, line 4`, the variable's name */
  readonly where: string
  /** dotted path of the value; '' for the whole file */
  readonly path: string
  readonly sentence: string
  /** a note: valid, but without effect here */
  readonly note?: boolean
}

export function problemData(problem: SettingProblem): ErrorData {
  return {
    code: 'BAD_SETTING',
    message: problemSentence(problem),
    hint:
      problem.note === true ? 'Nothing to do.' : 'Correct the value; until then the next weaker one is used.'
  }
}

export function problemSentence(problem: SettingProblem): string {
  return `${problem.where}: ${problem.path === '' ? '' : `${problem.path} `}${problem.sentence}`
}

/** Quotes a wrong value, shortened. */
export function quoted(value: unknown): string {
  const text = JSON.stringify(value) as string | undefined
  if (text === undefined) return String(value)
  return cutAt(text, 60)
}

/** The sentence about a wrong value, after its path. */
export function wrongValue(value: unknown, allowed: string): string {
  return `is ${quoted(value)}; it must be ${allowed}.`
}
