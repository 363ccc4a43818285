/**
 * Letters typed between a shortcut and the moment at which its field can be written into: the code of the dialog
 * may still be loading, and the focus is elsewhere. They are kept, and the first field that is focused gets them.
 */

/** milliseconds; what is typed later than this is not meant for the dialog */
const TIMEOUT_MS = 5_000

let end: (() => void) | null = null

/** Keeps letters from now on, until a field has the focus, another key is pressed, or it takes too long. */
export function keepLetters(): void {
  end?.()
  let letters = ''
  const onkeydown = (event: KeyboardEvent): void => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return
    if (event.key === 'Backspace') letters = letters.slice(0, -1)
    else if (event.key.length === 1) letters += event.key
    else {
      if (event.key !== 'Shift') stop()
      return
    }
    event.preventDefault()
    event.stopPropagation()
  }
  const onfocus = ({ target }: FocusEvent): void => {
    const isField = target instanceof HTMLInputElement || target instanceof HTMLTextAreaElement
    if (!isField) return
    stop()
    if (letters === '') return
    target.setRangeText(letters, target.value.length, target.value.length, 'end')
    target.dispatchEvent(new InputEvent('input', { bubbles: true, data: letters, inputType: 'insertText' }))
  }
  const stop = (): void => {
    window.removeEventListener('keydown', onkeydown, true)
    window.removeEventListener('focusin', onfocus)
    clearTimeout(timer)
    if (end === stop) end = null
  }
  const timer = setTimeout(stop, TIMEOUT_MS)
  end = stop
  window.addEventListener('keydown', onkeydown, true)
  window.addEventListener('focusin', onfocus)
}
