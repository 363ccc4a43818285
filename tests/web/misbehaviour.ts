/**
 * What a misbehaviour is: a name's description, what a correct client must end with, and the script
 * by which a file's address answers. Scripts are data, computed from the question alone.
 */
import type { Asked } from './exchange'
import type { Script, ServedFile } from './file-answer'

/**
 * What must be true in the end when this is the only copy of the work. `paper`: it is filed, with
 * the bytes of one of the file's versions. `rejected`: the candidate is put aside for one of these
 * reasons (codes of `contract/errors.ts`). `quarantined`: kept aside as another paper. `later`: the
 * job fails for now with one of these reasons, and is tried again.
 */
export type Ends =
  | { readonly result: 'paper' }
  | { readonly result: 'rejected'; readonly reasons: readonly string[] }
  | { readonly result: 'quarantined' }
  | { readonly result: 'later'; readonly reasons: readonly string[] }

export interface Parameters {
  /** where to cut, as a part of the file (default 0.5) */
  readonly at?: number
  /** a number of bytes, where the kind speaks of one */
  readonly bytes?: number
  /** how many GETs it lasts (default: see the kind) */
  readonly times?: number
  /** Retry-After, stalls */
  readonly seconds?: number
  /** the form of Retry-After */
  readonly form?: 'seconds' | 'date'
  /** a redirect's target */
  readonly to?: string
  readonly disposition?: string
}

export interface Scene {
  readonly asked: Asked
  readonly file: ServedFile
  readonly how: Parameters
  /** the address of the file, without tail */
  readonly url: string
  /** what follows `~` in the address that was asked: hops and hiding places of one file */
  readonly tail: string
  /** the n-th version of the same work; 0 is `file.bytes`, others differ from the first page on */
  version(n: number): Buffer
  /** a valid PDF of a work nobody asked for */
  readonly stranger: Buffer
}

export interface Misbehaviour {
  readonly about: string
  readonly ends: Ends
  play(scene: Scene): Script
}

export const PAPER: Ends = { result: 'paper' }
export const rejected = (...reasons: string[]): Ends => ({ result: 'rejected', reasons })
export const later = (...reasons: string[]): Ends => ({ result: 'later', reasons })

/** Where the scene says to cut, in bytes of the file. */
export function cutAt(scene: Scene): number {
  return scene.how.bytes ?? Math.floor(scene.file.bytes.length * (scene.how.at ?? 0.5))
}

/** Is this GET one of the first `times`? A HEAD never is, so that it does not use up a turn. */
export function lasts(scene: Scene, times: number): boolean {
  return scene.asked.method !== 'HEAD' && scene.asked.nth <= (scene.how.times ?? times)
}
