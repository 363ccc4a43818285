/**
 * One work of OpenAlex, asked for by an identifier, which is free. Source: OpenAlex API, “Get a single work”,
 * “external IDs”; docs/services.md.
 */
import type { Work } from '../../contract/work'
import { openAlexHeaders, readOpenAlexStatus, singletonUrl } from './openalex-api'
import { noOpenCopy, type Failure, type Reading } from './reading'
import type { SourceQuery } from './source-query'

/** `notKnown`: what is said of a work that OpenAlex does not have. */
export function askSingleWork<T>(
  { ids }: Work,
  sourceQuery: SourceQuery,
  { read, notKnown }: { readonly read: (text: string) => Reading<T>; readonly notKnown: string }
): Promise<T | null> {
  const { clock, keys } = sourceQuery.services
  const key = keys?.('openalex') ?? null
  const meaning = (
    answer: Parameters<typeof readOpenAlexStatus>[0] & { readonly text: string }
  ): Failure | null =>
    readOpenAlexStatus(answer, { text: answer.text, hasKey: key !== null, now: clock.now() })
  return sourceQuery.ask(
    singletonUrl(ids) ?? '',
    (answer) => (answer.status === 404 ? noOpenCopy(notKnown) : (meaning(answer) ?? read(answer.text))),
    { headers: openAlexHeaders(key), refusal: meaning }
  )
}
