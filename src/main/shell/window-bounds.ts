/**
 * Where the window opens: at its former place, if that is still on a screen and large enough; else centred on
 * the first screen by the system. Pure.
 */
import { z } from 'zod'

export interface Rectangle {
  readonly x: number
  readonly y: number
  readonly width: number
  readonly height: number
}

export const SMALLEST = { width: 720, height: 520 } as const
export const USUAL = { width: 1240, height: 800 } as const

export interface Opening {
  readonly width: number
  readonly height: number
  /** absent: centred by the system */
  readonly x?: number
  readonly y?: number
}

/** The part of the title bar that must be reachable by the pointer, in pixels. */
const GRIP = { width: 120, height: 32 } as const

const rectangle = z.strictObject({
  x: z.number().int(),
  y: z.number().int(),
  width: z.number().int().positive().max(100_000),
  height: z.number().int().positive().max(100_000)
})

/** `workAreas`: of all screens, the primary one first. `remembered` is the unvalidated stored value. */
export function openingBounds(remembered: unknown, workAreas: readonly Rectangle[]): Opening {
  const read = rectangle.safeParse(remembered)
  const first = workAreas[0]
  if (!read.success) return fitted(USUAL, first)
  const stood = read.data
  for (const area of workAreas) {
    // Uses the size that it will have there: a wider window must not shrink out of reach.
    const bounds = { ...stood, ...fitted(stood, area) }
    if (gripIsOn(bounds, area)) return bounds
  }
  return fitted(stood, first)
}

function fitted(
  size: Pick<Rectangle, 'width' | 'height'>,
  screen: Rectangle | undefined
): Pick<Opening, 'width' | 'height'> {
  const most = screen ?? { width: Infinity, height: Infinity }
  // A screen smaller than the minimum window is left to the system.
  return {
    width: Math.max(SMALLEST.width, Math.min(size.width, most.width)),
    height: Math.max(SMALLEST.height, Math.min(size.height, most.height))
  }
}

/** Enough of the upper edge is on the screen to move the window. */
function gripIsOn(window: Rectangle, area: Rectangle): boolean {
  const across = Math.min(window.x + window.width, area.x + area.width) - Math.max(window.x, area.x)
  const down = Math.min(window.y + GRIP.height, area.y + area.height) - window.y
  return across >= GRIP.width && window.y >= area.y && down >= GRIP.height
}
