/** Named lists as the page shows them. */
export interface ListView {
  readonly name: string
  /** different papers in it, here or not */
  readonly papers: number
}
