/**
 * A handle at the start of a column or panel: dragging it backwards widens the column, in either text
 * direction.
 */
export function dragWidth(
  event: PointerEvent,
  { before, set }: { readonly before: number; readonly set: (width: number) => void }
): void {
  if (event.button !== 0 || !(event.currentTarget instanceof HTMLElement)) return
  event.preventDefault()
  const handle = event.currentTarget
  const from = event.clientX
  const back = getComputedStyle(handle).direction === 'rtl' ? 1 : -1
  handle.setPointerCapture(event.pointerId)
  const move = (next: PointerEvent): void => {
    set(before + back * (next.clientX - from))
  }
  handle.addEventListener('pointermove', move)
  handle.addEventListener(
    'lostpointercapture',
    () => {
      handle.removeEventListener('pointermove', move)
    },
    { once: true }
  )
}
