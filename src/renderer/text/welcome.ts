/** Sentences of the welcome screen. */
export const WELCOME = {
  title: 'Welcome to Sheaf',
  lead: 'Give it a reading list; it finds open copies, fetches each one once, and files them where you can read and search them.',
  folder: 'Library folder',
  folderHint: 'Papers are kept here, under readable names.',
  choose: 'Choose…',
  mailto: 'Contact address',
  optional: 'optional',
  mailtoHint:
    'Required by Unpaywall; NCBI and Crossref ask for it too. Every server that Sheaf asks can see it.',
  mailtoWrong: 'An e-mail address such as you@example.org, or nothing.',
  safety: 'Crash-safe downloads',
  on: 'Every step is recorded. After a crash or a power cut, downloads continue where they stopped.',
  off: 'Nothing is recorded. After a crash, downloads start again.',
  decided: (variable: string) => `Decided by ${variable} in the environment.`,
  start: 'Start',
  sample: 'Try it without a network'
} as const
