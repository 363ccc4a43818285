/**
 * Simulates Crossref's `query.bibliographic`: ranks records by the words they share with the query in any
 * field; rare words count more. Like Crossref, it always returns results.
 */

/** A record in Crossref's shape, limited to the fields that the ranking reads. */
export interface CrossrefRecord {
  readonly DOI: string
  readonly title: readonly string[]
  readonly subtitle?: readonly string[]
  readonly author?: readonly { readonly family?: string; readonly given?: string }[]
  readonly issued?: { readonly 'date-parts': readonly (readonly number[])[] }
  readonly 'container-title'?: readonly string[]
  readonly type?: string
  readonly license?: readonly unknown[]
  readonly link?: readonly unknown[]
  readonly relation?: unknown
}

export interface BibliographicIndex {
  find(query: string, rows: number): readonly CrossrefRecord[]
}

export function bibliographicIndex(records: readonly CrossrefRecord[]): BibliographicIndex {
  const postings = new Map<string, number[]>()
  const lengths = records.map((record, at) => {
    const words = new Set(wordsOf(textOf(record)))
    for (const word of words) {
      const list = postings.get(word)
      if (list === undefined) postings.set(word, [at])
      else list.push(at)
    }
    return words.size
  })
  return {
    find(query, rows) {
      const scores = new Map<number, number>()
      for (const word of new Set(wordsOf(query))) {
        const list = postings.get(word) ?? []
        const weight = Math.log(1 + records.length / (1 + list.length))
        for (const at of list)
          scores.set(at, (scores.get(at) ?? 0) + weight / (1 + 0.02 * (lengths[at] ?? 0)))
      }
      return [...scores]
        .sort((a, b) => b[1] - a[1])
        .slice(0, rows)
        .flatMap(([at]) => records[at] ?? [])
    }
  }
}

function textOf(record: CrossrefRecord): string {
  return [
    ...record.title,
    ...(record.subtitle ?? []),
    ...(record.author ?? []).map(({ family }) => family ?? ''),
    String(record.issued?.['date-parts'][0]?.[0] ?? ''),
    ...(record['container-title'] ?? [])
  ].join(' ')
}

function wordsOf(text: string): readonly string[] {
  return (
    text
      .normalize('NFKD')
      .replace(/\p{M}|<[^<>]*>/gu, '')
      .toLowerCase()
      .match(/[\p{L}\p{N}]+/gu) ?? []
  )
}
