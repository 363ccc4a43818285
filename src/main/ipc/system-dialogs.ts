/**
 * What a handler may ask of the system around the app: dialogs, clipboard, browser, file manager. The
 * shell gives Electron's; a test gives its own. Paths stay on this side of the border.
 */
export interface SystemDialogs {
  /** Absolute paths chosen by the person; empty when they chose none. */
  chooseFiles(ask: {
    readonly title: string
    readonly filters: readonly { readonly name: string; readonly extensions: readonly string[] }[]
    readonly many: boolean
  }): Promise<readonly string[]>
  chooseFolder(ask: { readonly title: string; readonly startAt: string }): Promise<string | null>
  /** null when the person chose nowhere */
  chooseWhereToSave(ask: { readonly title: string; readonly name: string }): Promise<string | null>
  copyText(text: string): void
  /** Only ever called with an http(s) URL that was checked. */
  openInBrowser(url: string): Promise<void>
  /** Opens a file or folder with the system's program; throws FILE_UNREADABLE when that is not possible. */
  openPath(path: string): Promise<void>
  revealInFolder(path: string): void
  /** Absolute: where this Sheaf has the browser companion's files. */
  companionFolder(): string
}
