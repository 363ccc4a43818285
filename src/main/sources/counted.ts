/** “1 file”, “2 files”: for the sentence in which a source says what it found. */
export function counted(count: number, one: string): string {
  return count === 1 ? `1 ${one}` : `${count} ${one}s`
}
