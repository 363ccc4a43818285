/**
 * Whose request is answered: the main frame of a window of ours that shows a page of ours. Every other sender
 * else is refused before the request is even looked at. Pure.
 */
import { isOurs } from './addresses'

export interface Sender {
  /** the page belongs to a window that the app opened */
  readonly inOurWindow: boolean
  /** null when the frame is gone already */
  readonly frame: { readonly url: string; readonly isMain: boolean } | null
}

export function mayAsk(sender: Sender, devServer: string | null): boolean {
  return (
    sender.inOurWindow && sender.frame !== null && sender.frame.isMain && isOurs(sender.frame.url, devServer)
  )
}
