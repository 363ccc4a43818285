/** Words of components that several screens share. */
export const COMPONENTS = {
  emptySearch: 'Empty the search',
  dismiss: 'Dismiss',
  run: 'Run'
} as const
