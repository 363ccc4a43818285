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
    'Sent along to services such as Unpaywall and OpenAlex: they answer callers they can reach faster. Nobody else gets it.',
  mailtoWrong: 'An e-mail address such as you@example.org, or nothing.',
  safety: 'Crash-safe downloads',
  on: 'Every step is written down first. After a crash or a power cut, downloads go on where they were.',
  off: 'Nothing is remembered about a download. After a crash it begins again.',
  decided: (variable: string) => `Decided by ${variable} in the environment.`,
  start: 'Start',
  sample: 'Try it without a network'
} as const
