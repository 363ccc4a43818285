/** The titles of events of a job's history that a list of facts and a timeline give alike. */
export const EVENT_TITLES = {
  planned: 'Added',
  lease: 'Started',
  recovered: 'Interrupted; it will continue',
  released: 'Stopped before the end',
  retry: 'Retried by you',
  held: 'Paused by you',
  freed: 'Resumed by you',
  cancelled: 'Cancelled by you',
  ignored: 'Skipped by you',
  unignored: 'Unskipped by you',
  removed: 'Removed by you',
  requeued: 'Queued again',
  same_work: 'The same work as another',
  named: 'Another name became known',
  restored: 'The removal was undone'
} as const
