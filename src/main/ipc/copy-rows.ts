/**
 * New rows of a preview with their expected open copy: source, version, licence, size, wait and price, before
 * any file is requested. Look-ups only; nothing is planned here.
 */
import type { CopyView } from '../../contract/add-views'
import type { ExpectedLine, ForecastFacts } from '../../contract/lines'
import type { WorkFacts } from '../../contract/work'
import type { HandlerDeps } from './handler-deps'
import type { PreviewedRow } from './previews'

/** Maximum number of papers per preview: of a longer list, the first ones are looked up. */
const MOST_LOOKED_AT = 1_000

interface Found {
  /** by row index */
  readonly copies: ReadonlyMap<number, { readonly copy: CopyView; readonly facts: WorkFacts }>
  readonly forecast: ForecastFacts | null
}

export async function lookForCopies(
  { session }: Pick<HandlerDeps, 'session'>,
  rows: readonly PreviewedRow[],
  signal: AbortSignal
): Promise<Found> {
  const asked = rows
    .flatMap(({ row, draft }) => (row.kind === 'new' && draft !== null ? [{ index: row.index, draft }] : []))
    .slice(0, MOST_LOOKED_AT)
  let done = 0
  const tell = (): void => {
    session.events.tell('expecting', { done, of: asked.length })
  }
  tell()
  const found = await session.sheaf.expectCopies(
    asked.map(({ draft }) => draft),
    {
      signal,
      onLooked: () => {
        done += 1
        tell()
      }
    }
  )
  const copies = new Map<number, { copy: CopyView; facts: WorkFacts }>()
  for (const [at, { line, facts }] of found.copies.entries()) {
    const row = asked[at]
    if (row !== undefined) copies.set(row.index, { copy: copyOf(line), facts })
  }
  return { copies, forecast: found.forecast }
}

/** Missing facts of a reference (title, authors, year) are filled in from the look-ups. */
export function withCopies(rows: readonly PreviewedRow[], copies: Found['copies']): readonly PreviewedRow[] {
  return rows.map((one) => {
    const found = copies.get(one.row.index)
    if (found === undefined) return one
    const { copy, facts } = found
    const { title, authors, year } = one.row
    const row = {
      ...one.row,
      title: title ?? facts.title ?? null,
      authors: authors.length > 0 ? authors : (facts.authors ?? []),
      year: year ?? facts.year ?? null,
      copy
    }
    return { ...one, row }
  })
}

function copyOf(line: ExpectedLine): CopyView {
  return {
    source: line.source,
    host: line.host ?? null,
    version: line.version ?? null,
    license: line.license ?? null,
    bytes: line.bytes ?? null,
    waitMs: line.wait_ms ?? 0,
    priceUsd: line.price_usd ?? 0
  }
}
