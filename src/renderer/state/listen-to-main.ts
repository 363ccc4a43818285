/**
 * Handles events of main that need no request: navigation and notices. Subscribed before the first request,
 * because main sends a navigation right after it. Returns how to unsubscribe.
 */
import { listen } from '../bridge'
import { route } from './route.svelte'
import { toasts } from './toasts.svelte'
import { together } from '../together'

export function listenToMain(): () => void {
  const stop = together([
    listen('notice', (notice) => {
      toasts.say(notice)
    }),
    listen('go', ({ place, jobId, previewId, palette }) => {
      if (palette === true) route.setPalette(true)
      else if (place === 'add') route.openAdd(previewId ?? null)
      else if (jobId !== undefined) route.openJob(jobId)
      else route.go(place)
    })
  ])
  return () => {
    stop()
  }
}
