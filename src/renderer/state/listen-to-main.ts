/**
 * What main says without being asked: go somewhere, say something. Returns how to stop. It is heard
 * before main is asked anything: main says where to go as soon as the page has asked its first question.
 */
import { listen } from '../bridge'
import { route } from './route.svelte'
import { toasts } from './toasts.svelte'

export function listenToMain(): () => void {
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
