/**
 * What changed among the jobs since it was told last: names while they are few, else “many”. Told at
 * most ten times a second, with the bytes under way; it never grows beyond the names it may tell.
 */
export class JobChanges {
  readonly #changed = new Set<string>()
  #many = false

  static readonly MOST = 200

  add(changed: readonly string[] | 'many'): void {
    if (this.#many) return
    if (changed === 'many') this.#many = true
    else for (const jobId of changed) this.#changed.add(jobId)
    if (this.#changed.size > JobChanges.MOST) this.#many = true
    if (this.#many) this.#changed.clear()
  }

  get isEmpty(): boolean {
    return !this.#many && this.#changed.size === 0
  }

  take(): readonly string[] | 'many' {
    const changed = this.#many ? 'many' : [...this.#changed]
    this.#changed.clear()
    this.#many = false
    return changed
  }
}
