/**
 * The application's menu as a table: items, order, shortcuts. Native roles where the system has them, so that
 * text fields behave as usual. Pure; the types are Electron's own, erased.
 */
import type { MenuItemConstructorOptions } from 'electron'
import { THEMES, type Theme } from '../../contract/settings'
import type { Place } from '../../contract/events'
import type { Commands, Shown } from './commands'

export const SCREENS: readonly { readonly place: Place; readonly label: string }[] = [
  { place: 'queue', label: 'Queue' },
  { place: 'library', label: 'Library' },
  { place: 'recover', label: 'Recover' },
  { place: 'insights', label: 'Insights' },
  { place: 'settings', label: 'Settings' }
]

const THEME_LABELS: Readonly<Record<Theme, string>> = {
  system: 'As the System',
  light: 'Light',
  dark: 'Dark'
}

export function menuTemplate(
  platform: NodeJS.Platform,
  shown: Shown,
  commands: Commands,
  development: boolean
): MenuItemConstructorOptions[] {
  const isMac = platform === 'darwin'
  return [
    ...(isMac ? [appMenu(commands)] : []),
    {
      label: '&File',
      submenu: [
        {
          label: 'Add Papers…',
          accelerator: 'CmdOrCtrl+N',
          click: () => {
            commands.go('add')
          }
        },
        {
          id: 'pause',
          label: shown.pauses ? 'Pause' : 'Resume',
          accelerator: 'CmdOrCtrl+Shift+P',
          enabled: shown.ready,
          click: commands.pauseOrResume
        },
        { type: 'separator' },
        isMac ? { role: 'close' } : { label: 'Quit', accelerator: 'CmdOrCtrl+Q', click: commands.quit }
      ]
    },
    { role: 'editMenu' },
    {
      label: '&View',
      submenu: [
        ...SCREENS.map(({ place, label }, at) => ({
          label,
          accelerator: `CmdOrCtrl+${at + 1}`,
          click: () => {
            commands.go(place)
          }
        })),
        { type: 'separator' },
        { label: 'Go to Anything…', accelerator: 'CmdOrCtrl+K', click: commands.palette },
        { type: 'separator' },
        {
          label: 'Appearance',
          submenu: THEMES.map((theme) => ({
            label: THEME_LABELS[theme],
            type: 'radio' as const,
            checked: shown.theme === theme,
            enabled: shown.ready,
            click: () => {
              commands.theme(theme)
            }
          }))
        },
        { role: 'resetZoom' },
        { role: 'zoomIn' },
        { role: 'zoomOut' },
        { type: 'separator' },
        { role: 'togglefullscreen' },
        ...(development ? [{ role: 'reload' as const }, { role: 'toggleDevTools' as const }] : [])
      ]
    },
    { role: 'windowMenu' },
    { role: 'help', submenu: [{ label: 'User Guide', click: commands.guide }] }
  ]
}

function appMenu(commands: Commands): MenuItemConstructorOptions {
  return {
    label: 'Sheaf',
    submenu: [
      { role: 'about' },
      { type: 'separator' },
      {
        label: 'Settings…',
        accelerator: 'Command+,',
        click: () => {
          commands.go('settings')
        }
      },
      { type: 'separator' },
      { role: 'services' },
      { type: 'separator' },
      { role: 'hide' },
      { role: 'hideOthers' },
      { role: 'unhide' },
      { type: 'separator' },
      { label: 'Quit Sheaf', accelerator: 'Command+Q', click: commands.quit }
    ]
  }
}

export function trayTemplate(shown: Shown, commands: Commands): MenuItemConstructorOptions[] {
  return [
    { id: 'line', label: shown.line, enabled: false },
    { type: 'separator' },
    { label: 'Show Sheaf', click: commands.show },
    {
      label: 'Add Papers…',
      click: () => {
        commands.go('add')
      }
    },
    {
      id: 'pause',
      label: shown.pauses ? 'Pause' : 'Resume',
      enabled: shown.ready,
      click: commands.pauseOrResume
    },
    { type: 'separator' },
    { label: 'Quit Sheaf', click: commands.quit }
  ]
}
