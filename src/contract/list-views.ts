/** Named lists as the page shows them, and names for those that Sheaf makes by itself. */
import { cutAt, MOST_LIST_NAME_CHARS } from './limits'

export interface ListView {
  readonly name: string
  /** different papers in it, here or not */
  readonly papers: number
}

/** The name of a file or a collection as that of a list: without control characters, at most as long as one may be. */
export function asListName(text: string): string {
  return cutAt(text.replace(/\p{C}+/gu, ' ').trim(), MOST_LIST_NAME_CHARS)
}
