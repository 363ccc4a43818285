/**
 * Converts a setting from and to text: `settings set` takes typed text, `settings get` prints the value in
 * force. A wrong key is refused with the nearest ones, a wrong value with what is allowed.
 */
import { fail } from '../../contract/errors'
import { SETTINGS, type SettingKey } from '../../contract/settings'
import type { Files } from '../platform/files'
import { allowedValues } from './allowed-values'
import { readPlanPatch, type PlanPatch } from './plan-patch'
import { problemSentence, quoted } from './problems'
import { isSettingKey, keep, writeSetting, type PlainKey, type PlainValues } from './settings-file'

/** The key, or a refusal with similar ones. */
export function settingKey(text: string): SettingKey {
  if (isSettingKey(text)) return text
  const keys = Object.keys(SETTINGS)
  const last = text.split('.').at(-1)?.toLowerCase() ?? ''
  const near = keys.filter((key) => last !== '' && key.toLowerCase().includes(last))
  fail(
    'BAD_SETTING',
    `${quoted(text)} is not a setting. Allowed: ${(near.length > 0 ? near : keys).join(', ')}.`,
    {
      hint: 'See sheaf settings get.'
    }
  )
}

/**
 * Parses typed text: JSON if it is valid, else the text itself. BAD_SETTING names what is allowed. Of a plan
 * only the given parts are returned: the rest keeps its default.
 */
export function settingValue(key: SettingKey, text: string): unknown {
  return checked(key, candidates(text))
}

/** Parses one typed value into `values`, for `--set key=value`. */
export function takeValue(values: PlainValues, key: PlainKey, text: string): void {
  Object.assign(values, { [key]: settingValue(key, text) })
}

function checked(key: SettingKey, raw: readonly unknown[]): unknown {
  if (key === 'sources.plan') return planFrom(raw[0])
  const values: PlainValues = {}
  if (raw.some((value) => keep(values, key, value) === null)) return values[key]
  const said = ownRule(key, raw.at(-1))
  if (said !== null) fail('BAD_SETTING', `${key} ${said}.`, { hint: SETTINGS[key].about })
  fail(
    'BAD_SETTING',
    `${key} cannot be ${quoted(raw.at(-1))}; it must be ${allowedValues(SETTINGS[key].schema)}.`,
    {
      hint: SETTINGS[key].about
    }
  )
}

/** The error of a setting's own rule, beyond its type and range; null when there is none. */
function ownRule(key: SettingKey, value: unknown): string | null {
  const issue = SETTINGS[key].schema.safeParse(value).error?.issues[0]
  return issue?.code === 'custom' ? issue.message : null
}

function planFrom(raw: unknown): PlanPatch {
  const { patch, problems } = readPlanPatch(raw, () => 'sources.plan')
  const wrong = problems.filter((problem) => problem.note !== true)
  if (wrong.length > 0) fail('BAD_SETTING', wrong.map(problemSentence).join('\n'))
  return patch
}

function candidates(text: string): unknown[] {
  try {
    return [JSON.parse(text) as unknown, text]
  } catch {
    // A bare word or address is not JSON; lists may be given as a,b,c.
    return text.includes(',') ? [text, text.split(',').map((part) => part.trim())] : [text, [text]]
  }
}

/** Validates and writes one setting; resolves to its new value once it is on disk. */
export async function saveSetting(
  files: Files,
  dataDir: string,
  key: string,
  text: string
): Promise<{ readonly key: SettingKey; readonly value: unknown }> {
  const known = settingKey(key)
  const value = settingValue(known, text)
  await writeSetting(files, dataDir, known, value)
  return { key: known, value }
}

/** The same for a plain JSON value, as the app passes it. */
export async function saveSettingValue(
  files: Files,
  dataDir: string,
  key: SettingKey,
  value: unknown
): Promise<void> {
  await writeSetting(files, dataDir, key, checked(key, [value]))
}

/** Validates only: BAD_SETTING contains the error and what is allowed. */
export function checkSettingValue(key: SettingKey, value: unknown): void {
  checked(key, [value])
}
