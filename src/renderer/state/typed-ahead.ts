/**
 * Keeps characters typed between a shortcut and the moment its field can take them: the dialog's code may
 * still be loading, and the focus is elsewhere. The first focused field gets them.
 */

/** milliseconds; later characters are not meant for the dialog */
const TIMEOUT_MS = 5_000

let end: (() => void) | null = null

/** Keeps characters until a field has the focus, another key is pressed, or the time is over. */
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
