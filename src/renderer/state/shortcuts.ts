/** Shortcuts of the whole app. A key that is text input for a field is left to it. */
import { app } from './app.svelte'
import { route, type Screen } from './route.svelte'
import { keepLetters } from './typed-ahead'

/** The screens with a number key, in that order. */
export const NUMBERED: readonly Screen[] = ['queue', 'library', 'recover', 'insights', 'settings']

export function onShortcuts(): () => void {
  const mac = app.view?.platform === 'darwin'
  const onkeydown = (event: KeyboardEvent): void => {
    if (event.defaultPrevented || event.altKey) return
    const command = mac ? event.metaKey : event.ctrlKey
    if (command) {
      const screen = NUMBERED[Number(event.key) - 1]
      if (event.key.toLowerCase() === 'n' && !event.shiftKey) {
        if (route.adding === null) keepLetters()
        route.openAdd()
      } else if (event.key.toLowerCase() === 'k') {
        if (!route.palette) keepLetters()
        route.setPalette(!route.palette)
      } else if (screen !== undefined) {
        // Handled in any case: the window's menu has the same keys, and would navigate.
        if (!liesUnderDialog()) route.go(screen)
      } else return
      event.preventDefault()
      return
    }
    if (event.key === '/' && !isWriting(event.target)) {
      const field = [...document.querySelectorAll<HTMLInputElement>('[data-search]')].find(
        (one) => one.offsetParent !== null
      )
      if (field === undefined) return
      field.focus()
      field.select()
      event.preventDefault()
    }
  }
  window.addEventListener('keydown', onkeydown)
  return () => {
    window.removeEventListener('keydown', onkeydown)
  }
}

/** Is a dialog open? Then the screen behind it stays. The palette is itself a way to navigate. */
function liesUnderDialog(): boolean {
  return document.querySelectorAll('dialog[open]').length > (route.palette ? 1 : 0)
}

function isWriting(target: EventTarget | null): boolean {
  return (
    target instanceof HTMLElement &&
    (target.isContentEditable || target.matches('input:not([type=radio], [type=checkbox]), textarea, select'))
  )
}
