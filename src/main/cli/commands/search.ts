/** `sheaf search`: full-text search of the library; paper, page, snippet. */
import { counted } from '../../../contract/counted'
import { shownPath } from '../../../contract/work'
import type { SearchAnswer, SearchHit } from '../../sheaf-api'
import { EXIT, type ExitStatus } from '../exit-status'
import type { RequestOf } from '../invocation'
import { print, tell, withReader, type CommandContext } from '../command-context'

/** With --json all hits; for people a readable number. */
const SHOWN_TO_PEOPLE = 20

export function search(context: CommandContext, request: RequestOf<'search'>): Promise<ExitStatus> {
  return withReader(context, async (sheaf) => {
    let isSaid = false
    const limit = request.limit ?? (context.lines === null ? SHOWN_TO_PEOPLE : Infinity)
    const onReading = (read: number, of: number): void => {
      if (isSaid && read % 25 !== 0) return
      isSaid = true
      tell(context, `Reading papers for the search: ${String(read + 1)} of ${String(of)}.`)
    }
    const answer = await sheaf.searchLibrary({ text: request.text, limit, onReading }, context.signal)
    for (const hit of answer.hits) context.lines?.write(hitLine(hit))
    context.lines?.write({
      type: 'search',
      found: answer.found,
      shown: answer.hits.length,
      papers: answer.papers,
      not_searchable: answer.notSearchable
    })
    if (answer.hits.length > 0) print(context, answer.hits.map(hitText).join('\n\n'))
    for (const sentence of summaryOf(answer)) tell(context, sentence)
    return EXIT.done
  })
}

function hitLine({ paper, page, pages, snippet, score }: SearchHit): {
  type: 'hit'
} & Record<string, unknown> {
  return {
    type: 'hit',
    work_id: paper.workId,
    ...(paper.jobId === null ? {} : { job_id: paper.jobId }),
    title: paper.title,
    authors: paper.authors,
    year: paper.year,
    page,
    pages,
    snippet,
    score: Math.round(score * 1000) / 1000,
    format: paper.format,
    path: shownPath(paper)
  }
}

function hitText({ paper, page, snippet }: SearchHit): string {
  const year = paper.year === null ? '' : ` (${String(paper.year)})`
  const place = page === null ? '  in title, authors or names' : `  page ${String(page)}: ${snippet ?? ''}`
  return `${paper.title ?? paper.workId}${year}  ${paper.workId}\n${place}`
}

function summaryOf({ found, hits, papers, notSearchable }: SearchAnswer): string[] {
  const more = found - hits.length
  const sentences = [
    `${found === 0 ? 'No paper has' : `${counted(found, 'paper')} of ${String(papers)} ${found === 1 ? 'has' : 'have'}`} all these words${more > 0 ? `; ${String(more)} not shown (--limit)` : ''}.`
  ]
  if (notSearchable > 0)
    sentences.push(
      `${counted(notSearchable, 'paper')} ${notSearchable === 1 ? 'is' : 'are'} not searchable yet.`
    )
  return sentences
}
