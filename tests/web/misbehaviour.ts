/**
 * A misbehaviour: its description, the result that a correct client must reach, and the script by which a
 * file's URL responds. A script is data, computed from the request alone.
 */
import type { Asked } from './exchange'
import type { Script, ServedFile } from './file-answer'

/**
 * The required result when this is the only copy of the work. `paper`: it is filed with the bytes of one
 * version of the file. `rejected`: the candidate is rejected for one of these reasons (codes of
 * `contract/errors.ts`). `quarantined`: kept in the quarantine as another paper. `later`: the job fails for
 * now with one of these reasons and is retried.
 */
export type Ends =
  | { readonly result: 'paper' }
  | { readonly result: 'rejected'; readonly reasons: readonly string[] }
  | { readonly result: 'quarantined' }
  | { readonly result: 'later'; readonly reasons: readonly string[] }

export interface Parameters {
  /** where to cut, as a fraction of the file (default 0.5) */
  readonly at?: number
  /** a number of bytes, for kinds that need one */
  readonly bytes?: number
  /** for how many GETs it applies (default: see the kind) */
  readonly times?: number
  /** Retry-After, stalls */
  readonly seconds?: number
  /** the form of Retry-After */
  readonly form?: 'seconds' | 'date'
  /** a redirect's target */
  readonly to?: string
  readonly disposition?: string
}

export interface MisbehaviourContext {
  readonly asked: Asked
  readonly file: ServedFile
  readonly parameters: Parameters
  /** the URL of the file, without tail */
  readonly url: string
  /** what follows `~` in the requested URL: redirect hops and alternative locations of one file */
  readonly tail: string
  /** the n-th version of the same work; 0 is `file.bytes`, others differ from the first page on */
  version(n: number): Buffer
  /** a valid PDF of a work that was not requested */
  readonly unrelatedPdf: Buffer
}

export interface Misbehaviour {
  readonly about: string
  readonly ends: Ends
  script(context: MisbehaviourContext): Script
}

export const PAPER: Ends = { result: 'paper' }
export const rejected = (...reasons: string[]): Ends => ({ result: 'rejected', reasons })
export const later = (...reasons: string[]): Ends => ({ result: 'later', reasons })

/** Where to cut, in bytes of the file. */
export function cutAt(context: MisbehaviourContext): number {
  return context.parameters.bytes ?? Math.floor(context.file.bytes.length * (context.parameters.at ?? 0.5))
}

/** Whether this GET is one of the first `times`. Always false for HEAD, which is not counted. */
export function lasts(context: MisbehaviourContext, times: number): boolean {
  return context.asked.method !== 'HEAD' && context.asked.nth <= (context.parameters.times ?? times)
}
