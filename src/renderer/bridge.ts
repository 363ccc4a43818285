/** What main hands to the page through the preload, typed. Nobody else touches `window.sheaf`. */
export interface Bridge {
  readonly version: string
}

declare global {
  interface Window {
    readonly sheaf?: Bridge
  }
}

/** Null when the page is looked at outside of the app. */
export function bridge(): Bridge | null {
  return window.sheaf ?? null
}
