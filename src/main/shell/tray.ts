/**
 * The tray icon (menu bar on macOS): progress text, Pause or Resume, the window, Quit. Where a system has no
 * tray, Sheaf runs without it and logs that.
 */
import { Menu, nativeImage, Tray, type NativeImage } from 'electron'
import { oneLine } from '../../contract/exits'
import { readFileSync } from 'node:fs'
import trayTemplatePicture from '../../../resources/tray/template@2x.png?asset'
import trayPicture from '../../../resources/tray/colour.png?asset'
import type { Log } from '../platform/log'
import type { Commands, Shown } from './commands'
import { trayTemplate } from './menu-template'

export interface TrayIcon {
  readonly draw: (shown: Shown) => void
  /** false where there is none: closing the window must not hide it for good */
  readonly isThere: boolean
}

export function makeTray(commands: Commands, log: Log): TrayIcon {
  let tray: Tray
  try {
    tray = new Tray(picture())
  } catch (error) {
    log.info('There is no tray to put an icon into.', { error: String(error) })
    return { draw: () => undefined, isThere: false }
  }
  // On macOS a click opens the menu; elsewhere users expect the window.
  if (process.platform !== 'darwin') tray.on('click', commands.show)
  let drawn = ''
  const draw = (shown: Shown): void => {
    const wanted = JSON.stringify([shown.line, shown.pauses, shown.ready])
    if (wanted === drawn) return
    drawn = wanted
    tray.setToolTip(oneLine(`Sheaf – ${shown.line}`))
    tray.setContextMenu(Menu.buildFromTemplate(trayTemplate(shown, commands)))
  }
  return { draw, isThere: true }
}

/** macOS colours a template image itself; it is drawn at twice the size in points. */
function picture(): NativeImage {
  if (process.platform !== 'darwin') return nativeImage.createFromPath(trayPicture)
  const image = nativeImage.createFromBuffer(readFileSync(trayTemplatePicture), { scaleFactor: 2 })
  image.setTemplateImage(true)
  return image
}
