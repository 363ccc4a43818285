/**
 * Why the engine is paused, if it is: the computer sleeps or is offline, the disk is full, the library is
 * missing. Several reasons may hold at once; the engine resumes when the last one is gone (docs/design.md,
 * G9).
 */
import type { ErrorCode } from '../../contract/errors'
import { Listeners } from '../platform/listeners'

export type StopReason = Extract<
  ErrorCode,
  'PAUSED' | 'SUSPENDED' | 'OFFLINE' | 'DISK_FULL' | 'DISK_READ_ONLY' | 'DISK_ERROR' | 'LIBRARY_MISSING'
>

export class Gate {
  readonly #reasons = new Map<StopReason, string>()
  readonly #listeners = new Listeners()

  /** The first reason that still holds, or null when the engine is not paused. */
  closed(): { readonly code: StopReason; readonly sentence: string } | null {
    const first = this.#reasons.entries().next().value
    return first === undefined ? null : { code: first[0], sentence: first[1] }
  }

  close(code: StopReason, sentence: string): void {
    this.#reasons.set(code, sentence)
    this.#listeners.call()
  }

  open(code: StopReason): void {
    if (this.#reasons.delete(code)) this.#listeners.call()
  }

  /** Wakes waiting workers although no reason changed: new work arrived, or a setting changed. */
  nudge(): void {
    this.#listeners.call()
  }

  onChange(listener: () => void): () => void {
    return this.#listeners.add(listener)
  }
}
