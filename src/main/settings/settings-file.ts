/**
 * `settings.json`: flat dotted keys, written atomically. Reading never fails because of the content: an
 * unknown key or a wrong value is reported and the default is used. Writing changes one key and keeps all
 * others, even unknown ones; a file that is not JSON is never overwritten.
 */
import { join } from 'node:path'
import { z } from 'zod'
import { fail, messageOf } from '../../contract/errors'
import { SETTINGS, type SettingKey, type Settings } from '../../contract/settings'
import { codeOrMessage, isNoSuchFile, systemCode, type Files } from '../platform/files'
import { allowedValues } from './allowed-values'
import { readPlanPatch, type PlanPatch } from './plan-patch'
import { wrongValue, type SettingProblem } from './problems'

export const SETTINGS_FILE = 'settings.json'
/** The plan may be partial: it is merged, not replaced. */
export type PlainKey = Exclude<SettingKey, 'sources.plan'>
export type PlainValues = { -readonly [K in PlainKey]?: Settings[K] }

export interface ReadSettings {
  readonly values: PlainValues
  readonly plan: PlanPatch | null
  readonly problems: readonly SettingProblem[]
}

export function isSettingKey(key: string): key is SettingKey {
  return Object.hasOwn(SETTINGS, key)
}

export async function readSettingsFile(files: Files, dataDir: string): Promise<ReadSettings> {
  const raw = await readRaw(files, dataDir)
  const problems: SettingProblem[] = []
  const values: PlainValues = {}
  let plan: PlanPatch | null = null
  if (raw.problem !== null) {
    return { values, plan, problems: [{ where: SETTINGS_FILE, path: '', sentence: raw.problem }] }
  }
  for (const [key, value] of Object.entries(raw.values)) {
    if (!isSettingKey(key)) {
      problems.push({ where: SETTINGS_FILE, path: key, sentence: 'is not a setting; it is left as it is.' })
    } else if (key === 'sources.plan') {
      const read = readPlanPatch(value, () => SETTINGS_FILE)
      plan = read.patch
      problems.push(...read.problems.map((p) => ({ ...p, path: p.path === '' ? key : `${key}.${p.path}` })))
    } else {
      const because = keep(values, key, value)
      if (because !== null) problems.push({ where: SETTINGS_FILE, path: key, sentence: because })
    }
  }
  return { values, plan, problems }
}

/** Stores the value if it is valid; else returns the problem. */
export function keep(values: PlainValues, key: PlainKey, value: unknown): string | null {
  const schema: z.ZodType = SETTINGS[key].schema
  const read = schema.safeParse(value)
  if (!read.success) return wrongValue(value, allowedValues(schema))
  Object.assign(values, { [key]: read.data })
  return null
}

/** Sets one key (undefined removes it). Durable on return. */
export async function writeSetting(
  files: Files,
  dataDir: string,
  key: SettingKey,
  value: unknown
): Promise<void> {
  const raw = await readRaw(files, dataDir)
  if (raw.problem !== null) {
    fail('BAD_FILE', `${join(dataDir, SETTINGS_FILE)} ${raw.problem} Nothing was changed.`, {
      hint: 'Correct the file, or move it away, then set the value again.'
    })
  }
  const next: Record<string, unknown> = { ...raw.values, [key]: value }
  const lines = `${JSON.stringify(next, null, 2)}\n`
  try {
    await files.makeFolder(dataDir)
    await files.writeWhole(join(dataDir, SETTINGS_FILE), lines)
  } catch (error) {
    const code = systemCode(error)
    if (code === null) throw error
    const ours = code === 'ENOSPC' || code === 'EDQUOT' ? 'DISK_FULL' : 'FOLDER_UNUSABLE'
    fail(ours, `${join(dataDir, SETTINGS_FILE)} cannot be written (${code}).`, { cause: error })
  }
}

const objectSchema = z.record(z.string(), z.unknown())

async function readRaw(
  files: Files,
  dataDir: string
): Promise<{ readonly values: Readonly<Record<string, unknown>>; readonly problem: string | null }> {
  let text: string
  try {
    text = Buffer.from(await files.readWhole(join(dataDir, SETTINGS_FILE))).toString('utf8')
  } catch (error) {
    if (isNoSuchFile(error)) return { values: {}, problem: null }
    return { values: {}, problem: `cannot be read (${codeOrMessage(error)}).` }
  }
  try {
    const parsed = objectSchema.safeParse(JSON.parse(text.replace(/^\uFEFF/, '')))
    if (parsed.success) return { values: parsed.data, problem: null }
    return { values: {}, problem: 'is not a JSON object of settings.' }
  } catch (error) {
    return { values: {}, problem: `is not JSON: ${messageOf(error)}.` }
  }
}
