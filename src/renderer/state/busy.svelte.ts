/** Whether work that a button began goes on. It ends with the work, also when that failed. */
export class Busy {
  #now = $state(false)

  get now(): boolean {
    return this.#now
  }

  async during<T>(work: () => Promise<T>): Promise<T> {
    this.#now = true
    try {
      return await work()
    } finally {
      this.#now = false
    }
  }
}
