/**
 * The keys of the reader. The browser scrolls where the pages have the focus; where a button has it,
 * scrolling keys are forwarded to the pages. A key that is text input for a field is left to it.
 */
import { FIT_WIDTH, type Reading } from './reading.svelte'

export interface ReaderKeys {
  readonly container: () => HTMLDivElement
  readonly reading: () => Pick<Reading, 'again' | 'zoomIn' | 'zoomOut' | 'setZoom'>
  readonly find: () => void
  /** focuses the page number field */
  readonly page: () => void
  readonly sidebar: () => void
  readonly leave: () => void
  readonly mayLeave: () => boolean
}

export function onReaderKeys(does: ReaderKeys): (element: HTMLElement) => () => void {
  const onkeydown = (event: KeyboardEvent): void => {
    if (event.defaultPrevented || event.altKey) return
    if (actOn(event, does)) {
      event.preventDefault()
      event.stopPropagation()
    }
  }
  return (element) => {
    element.addEventListener('keydown', onkeydown)
    return () => {
      element.removeEventListener('keydown', onkeydown)
    }
  }
}

/** True when the key was handled. */
function actOn(event: KeyboardEvent, does: ReaderKeys): boolean {
  const { key, target } = event
  const reading = does.reading()
  if (event.ctrlKey || event.metaKey) {
    const commands: Readonly<Record<string, () => void>> = {
      f: does.find,
      g: () => {
        reading.again(event.shiftKey)
      },
      ...zoomKeys(reading)
    }
    return run(commands[key.toLowerCase()])
  }
  if (key === 'F4') return run(does.sidebar)
  if (key === 'F3') {
    reading.again(event.shiftKey)
    return true
  }
  if (key === 'Escape') return does.mayLeave() && run(does.leave)
  if (isField(target)) return false
  const plain: Readonly<Record<string, () => void>> = {
    '/': does.find,
    '\\': does.sidebar,
    g: does.page,
    n: () => {
      reading.again(false)
    },
    p: () => {
      reading.again(true)
    },
    ...zoomKeys(reading)
  }
  return run(plain[key]) || (isElsewhere(target, does.container()) && scroll(key, does))
}

/** They act with Ctrl and without. */
function zoomKeys(
  reading: Pick<Reading, 'zoomIn' | 'zoomOut' | 'setZoom'>
): Readonly<Record<string, () => void>> {
  const zoomIn = (): void => {
    reading.zoomIn()
  }
  return {
    '+': zoomIn,
    '=': zoomIn,
    '-': () => {
      reading.zoomOut()
    },
    '0': () => {
      reading.setZoom(FIT_WIDTH)
    }
  }
}

function run(act: (() => void) | undefined): boolean {
  act?.()
  return act !== undefined
}

/** A button has the focus: scroll the pages all the same. Space and Enter stay with the button. */
function scroll(key: string, does: ReaderKeys): boolean {
  const container = does.container()
  const page = container.clientHeight * 0.9
  const steps: Readonly<Record<string, number>> = {
    ArrowDown: 48,
    ArrowUp: -48,
    PageDown: page,
    PageUp: -page,
    Home: -container.scrollTop,
    End: container.scrollHeight
  }
  const step = steps[key]
  if (step === undefined) return false
  container.scrollBy({ top: step })
  return true
}

function isField(target: EventTarget | null): boolean {
  return target instanceof HTMLElement && target.matches('input:not([type=radio]), textarea, select')
}

function isElsewhere(target: EventTarget | null, container: HTMLElement): boolean {
  if (!(target instanceof Element) || container.contains(target)) return false
  // Lists, trees and radio groups at the side use the arrow keys themselves.
  return target.closest('[role=grid], [role=tree], [role=radiogroup], aside') === null
}
