/** The menu bar in Electron. Rebuilt only when a displayed state changed. */
import { Menu } from 'electron'
import type { Commands, Shown } from './commands'
import { menuTemplate } from './menu-template'

export function makeMenu(commands: Commands, development: boolean): (shown: Shown) => void {
  let drawn = ''
  return (shown) => {
    const wanted = JSON.stringify([shown.pauses, shown.ready, shown.theme])
    if (wanted === drawn) return
    drawn = wanted
    Menu.setApplicationMenu(
      Menu.buildFromTemplate(menuTemplate(process.platform, shown, commands, development))
    )
  }
}
