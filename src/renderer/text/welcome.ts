/** Sentences of the welcome screen; its fields are called as in the settings. */
import { FIELD_TEXT, SETTINGS_TEXT } from './settings'

export const WELCOME = {
  title: 'Welcome to Sheaf',
  lead: 'Give it a reading list; it finds open copies, fetches each one once, and files them where you can read and search them.',
  folder: FIELD_TEXT['files.library'].name,
  folderHint: 'Papers are kept here, under readable names.',
  choose: SETTINGS_TEXT.choose,
  mailto: FIELD_TEXT['general.mailto'].name,
  optional: 'optional',
  mailtoHint: FIELD_TEXT['general.mailto'].help,
  mailtoWrong: FIELD_TEXT['general.mailto'].allowed ?? '',
  safety: FIELD_TEXT['safety.switch'].name,
  on: 'Every step is recorded. After a crash or a power cut, downloads continue where they stopped.',
  off: 'Nothing is recorded. After a crash, downloads start again.',
  decided: (variable: string) => `Decided by ${variable} in the environment.`,
  start: 'Start',
  sample: 'Try it without a network'
} as const
