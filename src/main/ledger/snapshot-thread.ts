/** Builds or checks a snapshot in a worker thread and waits for its answer. Aborting ends the thread. */
import { fail } from '../../contract/errors'
import type { Worker } from 'node:worker_threads'
import makeWorker from './snapshot-worker?nodeWorker'
import type { SnapshotPlan } from './build-snapshot'
import type { BuiltSnapshot, SnapshotSum } from './snapshot-file'
import { snapshotPartOf, type SnapshotToCheck, type SnapshotWork } from './snapshot-work'

/** Resolves with the first piece: then everything was replayed and checked. All pieces have to be read. */
export async function buildInThread(plan: SnapshotPlan, signal: AbortSignal): Promise<BuiltSnapshot> {
  const thread = startThread({ kind: 'build', plan }, signal)
  let sum: SnapshotSum | null = null
  const first = snapshotPartOf(await thread.next())
  return {
    pieces: (async function* () {
      for (let part = first; ; part = snapshotPartOf(await thread.next())) {
        if ('sum' in part) {
          sum = part.sum
          return
        }
        yield part.piece
        thread.worker.postMessage('taken')
      }
    })(),
    sum: () => sum ?? fail('BROKEN_INVARIANT', 'A snapshot was not read to its end.'),
    discard: thread.end
  }
}

/** `ok`, or the finding of SQLite's own check. */
export async function checkInThread(snapshot: SnapshotToCheck, signal: AbortSignal): Promise<string> {
  const thread = startThread({ kind: 'check', snapshot }, signal)
  try {
    return String(await thread.next())
  } finally {
    thread.end()
  }
}

interface Thread {
  readonly worker: Worker
  /** The next message; one call at a time. Rejects when the thread ended. */
  next(): Promise<unknown>
  readonly end: () => void
}

function startThread(work: SnapshotWork, signal: AbortSignal): Thread {
  signal.throwIfAborted()
  const worker = makeWorker({ workerData: work })
  const came: unknown[] = []
  let ended: Error | null = null
  let waiting: { resolve: (message: unknown) => void; reject: (error: Error) => void } | null = null
  const finish = (error: Error): void => {
    ended ??= error
    signal.removeEventListener('abort', stop)
    waiting?.reject(ended)
    waiting = null
  }
  const stop = (): void => {
    finish(new Error('the snapshot was broken off'))
    void worker.terminate()
  }
  signal.addEventListener('abort', stop, { once: true })
  worker.on('message', (message: unknown) => {
    if (waiting === null) came.push(message)
    else waiting.resolve(message)
    waiting = null
  })
  worker.once('error', finish)
  worker.once('exit', (code) => {
    finish(new Error(`the snapshot thread ended with ${String(code)} before it was done`))
  })
  return {
    worker,
    next: () =>
      new Promise((resolve, reject) => {
        if (came.length > 0) resolve(came.shift())
        else if (ended !== null) reject(ended)
        else waiting = { resolve, reject }
      }),
    end: () => {
      signal.removeEventListener('abort', stop)
      void worker.terminate()
    }
  }
}
