/**
 * Reads a reference list: a short one at once, a long one in a thread. The result is the same, and an
 * unreadable list is one problem, never an exception.
 */
import type { WorkDraft } from '../../contract/work'
import { badFileProblem, readReferences, type Problem } from '../works/works'
import makeWorker from './reading-worker?nodeWorker'
import type { ReadingTask, ReadPiece } from './reading-task'
import { abortError } from '../platform/or-aborted'
export interface ReadList {
  readonly name: string
  readonly drafts: readonly WorkDraft[]
  readonly problems: readonly Problem[]
  /** repetitions in the same list: their number, and the entries */
  readonly repeated: number
  readonly repeats: readonly WorkDraft[]
}

/** A smaller list is read in a few milliseconds, faster than starting a thread. */
const SHORT_BYTES = 8_000
/** Real lists take less; a hostile one must not occupy a thread for ever. */
const TIMEOUT_MS = 60_000

export async function readList(task: ReadingTask, signal: AbortSignal): Promise<ReadList> {
  if (task.bytes.byteLength <= SHORT_BYTES) {
    const { drafts, problems, repeats, counts } = readReferences(task.bytes, task.name)
    return { name: task.name, drafts, problems, repeats, repeated: counts.repeated }
  }
  return readInThread(task, signal)
}

function readInThread(task: ReadingTask, signal: AbortSignal): Promise<ReadList> {
  return new Promise((resolve, reject) => {
    signal.throwIfAborted()
    const drafts: WorkDraft[] = []
    const problems: Problem[] = []
    const repeats: WorkDraft[] = []
    const worker = makeWorker({ workerData: task })
    let settled = false
    const settle = (how: () => void): void => {
      if (settled) return
      settled = true
      clearTimeout(timer)
      signal.removeEventListener('abort', stop)
      void worker.terminate()
      how()
    }
    const giveUp = (because: string): void => {
      settle(() => {
        resolve(unreadableList(task.name, because))
      })
    }
    const stop = (): void => {
      settle(() => {
        reject(abortError(signal))
      })
    }
    const timer = setTimeout(() => {
      giveUp('It could not be read within a minute.')
    }, TIMEOUT_MS)
    signal.addEventListener('abort', stop, { once: true })
    worker.on('message', (piece: ReadPiece) => {
      for (const draft of piece.drafts) drafts.push(draft)
      for (const problem of piece.problems) problems.push(problem)
      for (const repeat of piece.repeats) repeats.push(repeat)
      const { end } = piece
      if (end === null) return
      settle(() => {
        resolve({ name: task.name, drafts, problems, repeats, repeated: end.repeated })
      })
    })
    worker.once('error', () => {
      giveUp('It could not be read.')
    })
    worker.once('exit', () => {
      giveUp('It could not be read to its end.')
    })
  })
}

/** An unreadable list: one row of the preview says so. */
export function unreadableList(name: string, because: string): ReadList {
  return { name, drafts: [], problems: [badFileProblem(name, because)], repeats: [], repeated: 0 }
}
