/**
 * Why the engine stands still, if it does: the computer sleeps or is offline, the disk is full, the library is gone.
 * Several reasons may hold at once; it goes on by itself when the last one is gone (docs/design.md, G9).
 */
import type { ErrorCode } from '../../contract/errors'

export type StopReason = Extract<
  ErrorCode,
  'PAUSED' | 'SUSPENDED' | 'OFFLINE' | 'DISK_FULL' | 'DISK_READ_ONLY' | 'DISK_ERROR' | 'LIBRARY_MISSING'
>

export class Gate {
  readonly #reasons = new Map<StopReason, string>()
  readonly #listeners = new Set<() => void>()

  /** The first reason that still holds, or null when work may go on. */
  closed(): { readonly code: StopReason; readonly sentence: string } | null {
    const first = this.#reasons.entries().next().value
    return first === undefined ? null : { code: first[0], sentence: first[1] }
  }

  close(code: StopReason, sentence: string): void {
    this.#reasons.set(code, sentence)
    this.#tell()
  }

  open(code: StopReason): void {
    if (this.#reasons.delete(code)) this.#tell()
  }

  /** Nothing opened or closed, but waiting workers should check again: work came, or a setting changed. */
  nudge(): void {
    this.#tell()
  }

  onChange(listener: () => void): () => void {
    this.#listeners.add(listener)
    return () => {
      this.#listeners.delete(listener)
    }
  }

  #tell(): void {
    for (const listener of [...this.#listeners]) listener()
  }
}
