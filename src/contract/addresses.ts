/** Parts of an address that may be none. Pure. */

/** `example.org`, `example.org:8080`, in small letters; null when the text is no address. */
export function hostOrNull(text: string): string | null {
  return URL.canParse(text) ? new URL(text).host : null
}

/** Escapes read as UTF-8; a text whose escapes are broken stays as it is. */
export function unescaped(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}
