/** Why a proposed work is uncertain, in words that go on from “Found: …”. No schemas: the page loads this. */
import type { MatchDoubt } from './matches'

export const DOUBT_WORDS: Readonly<Record<MatchDoubt, string>> = {
  notice: 'one is a correction, reply or review of the other',
  title: 'titles differ',
  author: 'authors differ',
  kind: 'another kind of work, such as a chapter or preprint',
  year: 'years differ',
  retracted: 'retracted',
  several: 'another paper fits as well',
  little: 'too little is given to be sure'
}
