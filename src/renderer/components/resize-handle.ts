/**
 * The attachment of a handle at the start of a column or panel: dragging it backwards widens the column, in
 * either text direction, and so do the arrow keys. A separator with a value takes the focus (WAI-ARIA, window
 * splitter); its role and its values are in the markup.
 */
import { on } from 'svelte/events'
import { together } from '../together'

interface Resizing {
  readonly width: () => number
  /** px for an arrow key, without and with Shift */
  readonly step: number
  readonly shiftStep?: number
  readonly onwidth: (width: number) => void
}

export function resizeHandle({ width, step, shiftStep = step, onwidth }: Resizing) {
  return (handle: HTMLElement): (() => void) => {
    handle.tabIndex = 0
    const stop = together([
      on(handle, 'pointerdown', (event) => {
        if (event.button === 0) drag(handle, event, { before: width(), onwidth })
      }),
      on(handle, 'keydown', (event) => {
        const px = event.shiftKey ? shiftStep : step
        const change = event.key === 'ArrowLeft' ? px : event.key === 'ArrowRight' ? -px : 0
        if (change === 0) return
        event.preventDefault()
        onwidth(width() + change)
      })
    ])
    return stop
  }
}

function drag(
  handle: HTMLElement,
  event: PointerEvent,
  { before, onwidth }: { readonly before: number; readonly onwidth: (width: number) => void }
): void {
  event.preventDefault()
  const from = event.clientX
  const back = getComputedStyle(handle).direction === 'rtl' ? 1 : -1
  handle.setPointerCapture(event.pointerId)
  const end = on(handle, 'pointermove', (next) => {
    onwidth(before + back * (next.clientX - from))
  })
  handle.addEventListener('lostpointercapture', end, { once: true })
}
