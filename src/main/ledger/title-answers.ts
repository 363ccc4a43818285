/** Rows of `title_answers`: results of title searches, so that the same reference is queried once. */
import { z } from 'zod'
import { titleCandidateSchema, type TitleCandidate, type TitleService } from '../../contract/matches'
import type { Reader, Writer } from './ledger'
import { jsonOrNull } from '../../contract/unknown-values'

export interface TitleAnswer {
  readonly service: TitleService
  readonly candidates: readonly TitleCandidate[]
}

const candidatesSchema = z.array(titleCandidateSchema)

export function saveTitleAnswer(w: Writer, titleKey: string, answer: TitleAnswer, now: number): void {
  w.run(
    `INSERT OR REPLACE INTO title_answers (title_key, service, answered_at, candidates_json) VALUES (?, ?, ?, ?)`,
    [titleKey, answer.service, now, JSON.stringify(answer.candidates)]
  )
}

/** Null: not queried since then, or the row is unreadable. An empty list: queried without a result. */
export function titleAnswer(
  r: Reader,
  titleKey: string,
  asked: { readonly service: TitleService; readonly since: number }
): TitleAnswer | null {
  const row = r.get(
    'SELECT candidates_json FROM title_answers WHERE title_key = ? AND service = ? AND answered_at >= ?',
    [titleKey, asked.service, asked.since]
  )
  if (row === null) return null
  const candidates = candidatesSchema.safeParse(jsonOrNull(String(row['candidates_json'])))
  return candidates.success ? { service: asked.service, candidates: candidates.data } : null
}

export function dropOldTitleAnswers(w: Writer, before: number): number {
  return w.run('DELETE FROM title_answers WHERE answered_at < ?', [before])
}
