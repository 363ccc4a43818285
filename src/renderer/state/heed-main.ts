/** What main says without being asked: go somewhere, say something. Returns how to stop. */
import { listen } from '../bridge'
import { attempt } from './app.svelte'
import { recover } from './recover.svelte'
import { route } from './route.svelte'
import { toasts } from './toasts.svelte'

export function heedMain(): () => void {
  void attempt(() => recover.begin())
  const offs = [
    listen('notice', (notice) => {
      toasts.say(notice)
    }),
    listen('go', ({ place, jobId, previewId, palette }) => {
      if (palette === true) route.setPalette(true)
      else if (place === 'add') route.openAdd(previewId ?? null)
      else if (jobId !== undefined) route.openJob(jobId)
      else route.go(place)
    })
  ]
  return () => {
    for (const off of offs) off()
  }
}
