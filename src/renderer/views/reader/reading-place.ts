/** The reading position in a paper: stored by main shortly after a change, and at once on closing. */
import { ask } from '../../bridge'
import { attempt } from '../../state/app.svelte'
import { Delayed } from '../../state/delayed'
import { route } from '../../state/route.svelte'

const REST_MS = 800

export class ReadingPlace {
  readonly #artifactId: string
  #last: { readonly page: number; readonly zoom: string } | null = null
  #kept: { readonly page: number; readonly zoom: string } | null = null
  readonly #later = new Delayed()

  constructor(artifactId: string) {
    this.#artifactId = artifactId
  }

  at(page: number, zoom: string): void {
    this.#last = { page, zoom: zoom.slice(0, 20) }
    this.#later.restart(REST_MS, () => {
      this.#keep()
    })
  }

  leave(): void {
    this.#later.stop()
    this.#keep()
  }

  #keep(): void {
    const last = this.#last
    if (last === null || (last.page === this.#kept?.page && last.zoom === this.#kept.zoom)) return
    this.#kept = last
    // A position that could not be saved needs no message while reading.
    ask('reader.remember', { artifactId: this.#artifactId, ...last }).catch(() => undefined)
  }
}

/** Compares every file with its hash; the Recover screen shows the progress. */
export async function verifyLibrary(): Promise<void> {
  const begun = await attempt(() => ask('reconcile.start', { verifyHashes: true }))
  if (begun !== null) route.go('recover')
}
