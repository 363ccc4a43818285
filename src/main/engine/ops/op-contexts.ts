/** The contexts of ops from which their keys follow (docs/design.md §4): an op is found again under the same one. */

export const headContext = (url: string): { readonly url: string } => ({ url })

/** A continued download keeps the key of the whole file. */
export const streamContext = (url: string): { readonly url: string; readonly range_start: 0 } => ({
  url,
  range_start: 0
})

export const finalizeContext = (
  sha256: string,
  path: string
): { readonly sha256: string; readonly target_path: string } => ({ sha256, target_path: path })
