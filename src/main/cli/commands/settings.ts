/** `sheaf settings get [key]` and `sheaf settings set key value`: the same settings as the app's. */
import { SETTING_KEYS, SETTINGS, type SettingOrigin } from '../../../contract/settings'
import { saveSetting, settingKey } from '../../settings/save-setting'
import { EXIT, type ExitStatus } from '../exit-status'
import type { RequestOf } from '../invocation'
import { print, settingsFor, tell, type CommandContext } from '../command-context'
import { columns, cut } from '../wording'

export async function settings(context: CommandContext, request: RequestOf<'settings'>): Promise<ExitStatus> {
  if (request.action.kind === 'set') return set(context, request.action.key, request.action.value)
  return get(context, request.action.key)
}

async function get(context: CommandContext, wanted: string | null): Promise<ExitStatus> {
  const keys = wanted === null ? SETTING_KEYS : [settingKey(wanted)]
  const { settings: values, origins } = await settingsFor(context)
  for (const key of keys) {
    context.lines?.write({
      type: 'setting',
      key,
      value: values[key],
      origin: origins[key],
      about: SETTINGS[key].about
    })
  }
  if (wanted !== null && keys[0]) print(context, asText(values[keys[0]]))
  else print(context, columns(keys.map((key) => [key, origins[key], cut(asText(values[key]), 100)])))
  return EXIT.done
}

async function set(context: CommandContext, key: string, text: string): Promise<ExitStatus> {
  const saved = await saveSetting(context.host.files, context.dataDir, key, text)
  const { settings: values, origins } = await settingsFor(context)
  const origin = origins[saved.key]
  context.lines?.write({ type: 'setting', key: saved.key, value: values[saved.key], origin })
  tellOverruled(context, origin, values[saved.key])
  print(context, `${saved.key} ${asText(saved.value)}`)
  return EXIT.done
}

/** A saved setting counts only where no stronger origin sets it. */
export function tellOverruled(context: CommandContext, origin: SettingOrigin, inForce: unknown): void {
  if (origin === 'environment' || origin === 'option')
    tell(context, `Saved, but not in force: the ${origin} says ${asText(inForce)}.`)
}

/** As `settings set` and `--set` take it. */
export function asText(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value)
}
