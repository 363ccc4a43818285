/**
 * Restrictions for every page in this app, ours or not: no navigation, no new windows, no downloads, no
 * external resources, no permissions. External links go through the contract, where they are checked.
 */
import { app, session } from 'electron'
import type { Log } from '../platform/log'
import { mayBeLoaded, mayBeShown } from './allowed'

export function guardEveryPage(devServer: string | null, log: Log): void {
  const refused = (what: string, address: string): void => {
    log.warn(what, { address: address.slice(0, 500) })
  }
  app.on('web-contents-created', (_, page) => {
    page.setWindowOpenHandler(({ url }) => {
      refused('A page wanted a new window; it was refused.', url)
      return { action: 'deny' }
    })
    page.on('will-navigate', (event) => {
      if (mayBeShown(event.url, devServer)) return
      event.preventDefault()
      refused('A page wanted to go elsewhere; it was refused.', event.url)
    })
    page.on('will-frame-navigate', (event) => {
      if (event.isMainFrame && mayBeShown(event.url, devServer)) return
      event.preventDefault()
      refused('A frame wanted to go elsewhere; it was refused.', event.url)
    })
    page.on('will-redirect', (event) => {
      event.preventDefault()
      refused('A page was sent elsewhere; it was refused.', event.url)
    })
    page.on('will-attach-webview', (event) => {
      event.preventDefault()
      refused('A page wanted to hold another one; it was refused.', '')
    })
  })
}

/** The only profile of all pages. Call it once the app is ready. */
export function guardTheProfile(devServer: string | null, log: Log): void {
  const profile = session.defaultSession
  profile.setPermissionRequestHandler((_, permission, answer) => {
    log.warn('A page asked for a permission; it was refused.', { permission })
    answer(false)
  })
  profile.setPermissionCheckHandler(() => false)
  profile.setDevicePermissionHandler(() => false)
  profile.on('will-download', (event) => {
    event.preventDefault()
    log.warn('A page wanted to download a file; it was refused.')
  })
  profile.setSpellCheckerEnabled(false)
  profile.webRequest.onBeforeRequest((request, answer) => {
    const cancel = !mayBeLoaded(request.url, devServer)
    if (cancel) log.warn('A page wanted something from elsewhere; it was refused.', { address: request.url })
    answer({ cancel })
  })
}
