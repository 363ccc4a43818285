/**
 * Jobs changed since the last report: ids while they are few, else “many”. Reported at most ten times a
 * second, with the live bytes; its size is bounded by the number of ids in a report.
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
