/** Sentences of the command palette. */
export const PALETTE = {
  title: 'Command palette',
  placeholder: 'Do something, or find a paper…',
  nothing: 'Nothing fits. Try other words.',
  commands: 'Commands',
  jobs: 'Queue',
  papers: 'Library',
  goTo: (name: string) => `Go to ${name}`,
  pauseAll: 'Pause all downloads',
  resumeAll: 'Resume downloads',
  retryAll: 'Retry everything that needs attention',
  checkNow: 'Check ledger and disk now',
  verify: 'Verify every file',
  openLibraryFolder: 'Open the library folder',
  openDataFolder: 'Open the data folder',
  exportDiagnostics: 'Export diagnostics…',
  enterSample: 'Try it without a network',
  leaveSample: 'Leave the sample library'
} as const
