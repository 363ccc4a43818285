/** Parts of an address that may be invalid. Pure. */

/** `example.org`, `example.org:8080`, in lower case; null when the text is not an address. */
export function hostOrNull(text: string): string | null {
  return URL.canParse(text) ? new URL(text).host : null
}

/** Decodes escapes as UTF-8; a text with invalid escapes stays unchanged. */
export function unescaped(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}
