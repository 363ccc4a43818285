/** The names of all events, apart from their payloads, to keep the preload's bundle small. */
export const EVENT_NAMES = [
  'app',
  'run',
  'jobs',
  'library',
  'lists',
  'handoff',
  'imports',
  'zotero',
  'bibs',
  'reconcile',
  'settings',
  'searching',
  'matching',
  'expecting',
  'planning',
  'renaming',
  'notice',
  'go'
] as const
export type EventName = (typeof EVENT_NAMES)[number]
