/** Named lists as the page shows them, and names for those that Sheaf makes by itself. */
import { cutAt, MOST_LIST_NAME_CHARS } from './limits'

export interface ListView {
  readonly name: string
  /** distinct papers in it, present or not */
  readonly papers: number
}

/**
 * Converts the name of a file or collection to a list name: without control characters, within the maximum
 * length.
 */
export function asListName(text: string): string {
  return cutAt(text.replace(/\p{C}+/gu, ' ').trim(), MOST_LIST_NAME_CHARS)
}
