/** Types that several components share. */
import type { Component } from 'svelte'

/** a place on the page, in px */
export interface Point {
  readonly x: number
  readonly y: number
}

export type IconComponent = Component<{
  size?: number | string
  strokeWidth?: number | string
  'aria-hidden'?: 'true'
}>

/** How a row is selected: with those between (Shift), beside the others (Ctrl or ⌘), or alone. */
export interface PickMode {
  readonly extend: boolean
  readonly toggle: boolean
}

/** What a view does to a list of rows. */
export interface RowsHandle {
  readonly focus: () => void
  readonly scrollTo: (index: number) => void
}
