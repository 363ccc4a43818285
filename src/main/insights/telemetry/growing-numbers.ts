/** A list of numbers of eight bytes each, whose length is not known beforehand. */
export class GrowingNumbers {
  #room = new Float64Array(1024)
  #length = 0

  push(value: number): void {
    if (this.#length === this.#room.length) {
      const more = new Float64Array(this.#length * 2)
      more.set(this.#room)
      this.#room = more
    }
    this.#room[this.#length] = value
    this.#length += 1
  }

  at(index: number): number {
    return this.#room[index] ?? NaN
  }

  get length(): number {
    return this.#length
  }
}
