/** Sentences of the command palette. */
export const PALETTE = {
  title: 'Command palette',
  placeholder: 'Search commands and papers…',
  nothing: 'No results. Try other words.',
  commands: 'Commands',
  jobs: 'Queue',
  papers: 'Library',
  goTo: (name: string) => `Go to ${name}`,
  pauseAll: 'Pause all downloads',
  resumeAll: 'Resume downloads',
  retryAll: 'Retry everything that needs attention',
  checkNow: 'Check files now',
  verify: 'Verify every file',
  openLibraryFolder: 'Open the library folder',
  openDataFolder: 'Open the data folder',
  exportDiagnostics: 'Export diagnostics…',
  enterSample: 'Try it without a network',
  leaveSample: 'Leave the sample library'
} as const
