/** The browser's own functions for extensions: `browser` in Firefox, `chrome` in Chromium; both give promises. */
export const browserApi = globalThis.browser ?? globalThis.chrome
