/**
 * Decides whose requests are answered: only the main frame of one of our windows that shows one of our pages.
 * Every other sender is refused before its request is examined. Pure.
 */
import { isOurs } from './addresses'

export interface Sender {
  /** the page belongs to a window opened by the app */
  readonly inOurWindow: boolean
  /** null when the frame no longer exists */
  readonly frame: { readonly url: string; readonly isMain: boolean } | null
}

export function mayAsk(sender: Sender, devServer: string | null): boolean {
  return (
    sender.inOurWindow && sender.frame !== null && sender.frame.isMain && isOurs(sender.frame.url, devServer)
  )
}
