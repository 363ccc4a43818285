/** Calls back when main reports that jobs changed, not only their live bytes. Returns how to stop. */
import { listen } from '../bridge'

export function onJobsChanged(changed: () => void): () => void {
  return listen('jobs', ({ changed: jobs }) => {
    if (jobs === 'many' || jobs.length > 0) changed()
  })
}
