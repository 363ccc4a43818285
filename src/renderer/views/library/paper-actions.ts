/** Actions on papers of the library, each confirmed by a toast. Nothing here throws. */
import type { PaperView } from '../../../contract/library-views'
import { ask } from '../../bridge'
import { attempt } from '../../state/app.svelte'
import { toasts } from '../../state/toasts.svelte'
import { copiedSentence, exportedSentence, LIBRARY, removedSentence } from '../../text/library'

const say = (text: string): void => {
  toasts.note(text)
}

export async function copyCitations(
  artifactIds: readonly string[],
  format: 'bibtex' | 'text'
): Promise<void> {
  const answer = await attempt(() =>
    ask('library.copyCitation', { artifactIds: artifactIds.slice(0, 10_000), format })
  )
  if (answer !== null) say(copiedSentence(answer.copied, format === 'bibtex' ? 'BibTeX' : 'citation'))
}

export async function exportPapers(
  artifactIds: readonly string[],
  format: 'bibtex' | 'ris' | 'csl-json' | 'csv'
): Promise<void> {
  const answer = await attempt(() =>
    ask('library.export', { which: { artifactIds: artifactIds.slice(0, 100_000) }, format })
  )
  if (answer !== null) say(exportedSentence(answer.papers, answer.file))
}

/** Takes a paper out; the toast takes it back in. */
export async function removePaper(paper: PaperView): Promise<void> {
  const removed = await attempt(() => ask('library.remove', { artifactId: paper.artifactId }))
  if (removed === null) return
  const { workId } = removed
  toasts.say({
    tone: 'quiet',
    text: removedSentence(paper.title),
    hint: null,
    action: {
      label: LIBRARY.undo,
      run: () => {
        void attempt(() => ask('library.undoRemove', { workId }))
      }
    }
  })
}
