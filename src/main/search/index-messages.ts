/** Messages between `index-thread.ts` and the thread of the index. */
import type { Found, SearchDocument, Snippet, Stamped } from './search'
import { fail } from '../../contract/errors'
import { isObject, textIn } from '../../contract/unknown-values'

export interface IndexQuestions {
  begin: {
    readonly ask: Omit<SearchDocument, 'pages'>
    readonly answer: { readonly doc: number; readonly full: boolean }
  }
  pages: {
    readonly ask: { readonly doc: number; readonly from: number; readonly pages: readonly string[] }
    readonly answer: null
  }
  remove: { readonly ask: readonly string[]; readonly answer: null }
  ids: { readonly ask: null; readonly answer: readonly string[] }
  /** of these ids and stamps: the ids that are not indexed under that stamp */
  stale: { readonly ask: readonly Stamped[]; readonly answer: readonly string[] }
  /** the index has reached its maximum size and takes no more texts */
  isFull: { readonly ask: null; readonly answer: boolean }
  find: { readonly ask: string; readonly answer: readonly Found[] }
  snippets: {
    readonly ask: {
      readonly query: string
      readonly where: readonly { readonly artifactId: string; readonly page: number }[]
    }
    readonly answer: readonly (Snippet | null)[]
  }
  hitsIn: {
    readonly ask: { readonly artifactId: string; readonly query: string }
    readonly answer: readonly Snippet[]
  }
  /** the bytes of the whole index, transferred */
  bytes: { readonly ask: null; readonly answer: Uint8Array }
}
export type IndexVerb = keyof IndexQuestions

export interface IndexStart {
  readonly file: string
}
export function indexStartOf(value: unknown): IndexStart {
  const file = isObject(value) ? textIn(value, 'file') : null
  return file === null
    ? fail('BROKEN_INVARIANT', 'The thread of the search was not given its file.')
    : { file }
}

/** Its verb tells the type of the question. */
export interface IndexQuestion<V extends IndexVerb> {
  readonly id: number
  readonly verb: V
  readonly ask: IndexQuestions[V]['ask']
}
export type IndexAnswer =
  | { readonly id: number; readonly ok: true; readonly answer: unknown }
  | { readonly id: number; readonly ok: false; readonly because: string }
/** Sent once at the start: the state of the file. */
export interface IndexReady {
  readonly ready: true
  /** why the file could not be used; null when it could, or when there was none */
  readonly discarded: string | null
  readonly documents: number
}
