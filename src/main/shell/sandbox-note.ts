/** The log message about the sandbox of this start; null when it is in force. Pure. */
export function sandboxNote(switches: { readonly noSandbox: boolean }): string | null {
  return switches.noSandbox
    ? 'The system does not let this program create a sandbox (unprivileged user namespaces are restricted), so pages run without one.'
    : null
}
