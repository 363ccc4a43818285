/** Renaming existing papers to the naming template: preview and execution. */
import type { RenamePreview } from '../../contract/settings-views'
import type { Renamed } from '../sheaf-api'
import type { HandlerDeps, HandlersOf } from './handler-deps'

const MOST_EXAMPLES = 3

type RenameNames = 'settings.previewRename' | 'settings.renamePapers' | 'settings.cancelRename'

export function renameHandlers({ session, signal }: HandlerDeps): HandlersOf<RenameNames> {
  let ending: AbortController | null = null
  return {
    async 'settings.previewRename'() {
      const found = { renames: 0, kept: 0, examples: [] as RenamePreview['examples'][number][] }
      const tell = ({ result, from, to }: Renamed): void => {
        if (result === 'kept') found.kept += 1
        if (result !== 'would_rename') return
        found.renames += 1
        if (found.examples.length < MOST_EXAMPLES && from !== null && to !== null)
          found.examples.push({ from: short(from), to: short(to) })
      }
      await session.sheaf.renamePapers({ workIds: null, dryRun: true }, { signal, tell })
      return found
    },
    async 'settings.renamePapers'() {
      const mine = new AbortController()
      ending = mine
      const counts = { renamed: 0, kept: 0, failed: 0 }
      try {
        await session.sheaf.renamePapers(
          { workIds: null, dryRun: false },
          {
            signal: AbortSignal.any([mine.signal, signal]),
            tell: ({ result }) => {
              if (result === 'renamed' || result === 'kept' || result === 'failed') counts[result] += 1
            },
            onProgress: (done, of) => {
              session.events.tell('renaming', { done, of })
            }
          }
        )
      } finally {
        ending = null
      }
      return { ...counts, isStopped: mine.signal.aborted }
    },
    'settings.cancelRename'() {
      ending?.abort()
      return null
    }
  }
}

const short = (path: string): string => path.replace(/^papers\//, '')
