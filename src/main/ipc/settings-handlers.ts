/**
 * Settings: each with its origin; validated while typing, stored and applied at once. Library folder, watched
 * folder and certificate file can only be chosen by the user in the system's dialog.
 */
import { join } from 'node:path'
import { SheafError, fail } from '../../contract/errors'
import { SETTING_KEYS, SETTINGS, type SettingKey } from '../../contract/settings'
import type { SettingsView, SettingView } from '../../contract/settings-views'
import { PLAN_VARIABLE, SWITCH_VARIABLE } from '../settings/environment'
import { checkSettingValue } from '../settings/save-setting'
import type { HandlersOf, NamesOf, HandlerDeps } from './handler-deps'
import { renameHandlers } from './rename-handlers'
import { ALL_FILES, chooseLibraryFolder } from './system-dialogs'

export function settingsHandlers(parts: HandlerDeps): HandlersOf<NamesOf<'settings'>> {
  const { session, systemDialogs, host, signal } = parts
  return {
    'settings.list': () => settingsView(parts),
    async 'settings.set'({ key, value }) {
      refusePath(key)
      checkSettingValue(key, value)
      await session.settings.set(key, value)
      return settingsView(parts)
    },
    async 'settings.reset'({ key }) {
      await session.settings.reset(key)
      return settingsView(parts)
    },
    'settings.check'({ key, value }) {
      try {
        refusePath(key)
        checkSettingValue(key, value)
        return null
      } catch (error) {
        if (error instanceof SheafError) return error.toData()
        throw error
      }
    },
    'settings.nameExample': ({ template }) => ({ name: session.sheaf.nameUnder(template, EXAMPLE) }),
    async 'settings.keyExample'({ pattern }) {
      const { keyByPattern } = await import('../works/citation-keys')
      return { key: keyByPattern(pattern, EXAMPLE) }
    },
    async 'settings.chooseLibrary'() {
      const folder = await chooseLibraryFolder(systemDialogs, session.library.folder)
      if (folder === null) return null
      await session.settings.set('files.library', folder)
      return settingsView(parts)
    },
    async 'settings.chooseWatchFolder'() {
      const { folder: startAt } = session.library.watching()
      const folder = await systemDialogs.chooseFolder({
        title: 'Choose the folder that your browser saves to',
        startAt: startAt ?? session.library.folder
      })
      if (folder === null) return null
      await session.settings.set('files.watchFolder', folder)
      return settingsView(parts)
    },
    async 'settings.chooseZoteroFolder'() {
      const folder = await systemDialogs.chooseFolder({
        title: 'Choose the folder of Zotero that holds zotero.sqlite',
        startAt: session.sheaf.options.settings['zotero.dataFolder'] || session.library.folder
      })
      if (folder === null) return null
      if ((await host.files.stat(join(folder, 'zotero.sqlite')))?.isFile !== true)
        fail('BAD_FILE', `${folder} holds no zotero.sqlite.`, {
          hint: 'Zotero shows its folder in Settings › Advanced › Show Data Directory.'
        })
      await session.settings.set('zotero.dataFolder', folder)
      return settingsView(parts)
    },
    async 'settings.chooseCaFile'() {
      const [path] = await systemDialogs.chooseFiles({
        title: 'Choose a file of certificates',
        filters: [{ name: 'Certificates', extensions: ['pem', 'crt', 'cer', 'der'] }, ALL_FILES],
        many: false
      })
      if (path === undefined) return null
      await session.sheaf.assertCaFile(path)
      await session.settings.set('network.caFile', path)
      return settingsView(parts)
    },
    'settings.testConnection': () => session.sheaf.testConnection(signal),
    ...renameHandlers(parts)
  }
}

export function settingsView(parts: HandlerDeps): SettingsView {
  const { session, host } = parts
  const { settings, origins, problems } = session.settings.loaded()
  return {
    entries: SETTING_KEYS.map((key): SettingView => {
      const { unit, ...entry } = { unit: undefined, ...SETTINGS[key] }
      return {
        key,
        value: settings[key],
        default: entry.default,
        origin: origins[key],
        about: entry.about,
        unit: unit ?? null,
        overriddenBy: origins[key] === 'environment' ? variableOf(key, host.env) : null
      }
    }),
    problems,
    dataFolder: session.dataDir,
    libraryFolder: session.library.folder,
    revision: parts.revision('settings')
  }
}

/** The environment variables that set a setting. */
function variableOf(key: SettingKey, env: Readonly<Record<string, string | undefined>>): string {
  if (key === 'safety.switch') return SWITCH_VARIABLE
  const set = Object.keys(env).filter((name) => name.startsWith('DOCSTOKG_FALLBACK_') && env[name] !== '')
  return set.length === 0 ? PLAN_VARIABLE : set.sort().join(', ')
}

const CHOSEN_PATHS: Readonly<Partial<Record<SettingKey, string>>> = {
  'files.library': 'The library folder',
  'files.watchFolder': 'The watched folder',
  'zotero.dataFolder': 'The folder of Zotero',
  'network.caFile': 'The file of certificates'
}

/** Paths come from the system's dialog only; a reset clears them. */
function refusePath(key: SettingKey): void {
  const what = CHOSEN_PATHS[key]
  if (what === undefined) return
  fail('BAD_SETTING', `${what} is chosen in the system’s dialog, not typed.`, {
    hint: 'Press “Choose…” beside it.'
  })
}

/** An example paper with everything that a template or a pattern may use. */
const EXAMPLE = {
  workId: 'W2741809807',
  ids: { openalex: 'W2741809807', doi: '10.7717/peerj.4375' },
  facts: {
    title: 'The state of OA: a large-scale analysis of the prevalence and impact of Open Access articles',
    authors: ['Piwowar, Heather', 'Priem, Jason', 'Larivière, Vincent'],
    year: 2018,
    venue: 'PeerJ'
  }
} as const
