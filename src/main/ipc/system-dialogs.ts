/**
 * The system functions for handlers: dialogs, clipboard, browser, file manager. Implemented by the shell with
 * Electron, and by tests. Paths stay on this side.
 */
export interface FileFilter {
  readonly name: string
  readonly extensions: readonly string[]
}

/** For files whose extension is another one. */
export const ALL_FILES: FileFilter = { name: 'All files', extensions: ['*'] }

/** The user selects the library folder; null when cancelled. */
export function chooseLibraryFolder(dialogs: SystemDialogs, startAt: string): Promise<string | null> {
  return dialogs.chooseFolder({ title: 'Choose the library folder', startAt })
}

export interface SystemDialogs {
  /** Absolute paths chosen by the user; empty when cancelled. */
  chooseFiles(ask: {
    readonly title: string
    readonly filters: readonly FileFilter[]
    readonly many: boolean
  }): Promise<readonly string[]>
  chooseFolder(ask: { readonly title: string; readonly startAt: string }): Promise<string | null>
  /** null when the user cancelled */
  chooseWhereToSave(ask: { readonly title: string; readonly name: string }): Promise<string | null>
  copyText(text: string): void
  /** Only called with a validated http(s) URL. */
  openInBrowser(url: string): Promise<void>
  /** Opens a file or folder with the system's program; throws FILE_UNREADABLE when that fails. */
  openPath(path: string): Promise<void>
  revealInFolder(path: string): void
  /** Absolute path of the browser companion's files in this Sheaf. */
  companionFolder(): string
}
