/** What ends several listeners or subscriptions at once. */
export function together(ends: readonly (() => void)[]): () => void {
  return () => {
    for (const end of ends) end()
  }
}
