/** Builds or checks a snapshot in a worker thread and waits for its answer. Aborting ends the thread. */
import makeWorker from './snapshot-worker?nodeWorker'
import type { SnapshotPlan } from './build-snapshot'
import type { BuiltSnapshot } from './snapshot-file'
import type { SnapshotToCheck, SnapshotWork } from './snapshot-work'

export async function buildInThread(plan: SnapshotPlan, signal: AbortSignal): Promise<BuiltSnapshot> {
  const answer = await inThread({ kind: 'build', plan }, signal)
  if (isBuilt(answer)) return answer
  throw new Error('the snapshot thread answered something else')
}

/** `ok`, or what SQLite's own check found. */
export async function checkInThread(snapshot: SnapshotToCheck, signal: AbortSignal): Promise<string> {
  const answer = await inThread({ kind: 'check', snapshot }, signal)
  if (typeof answer === 'string') return answer
  throw new Error('the snapshot thread answered something else')
}

function isBuilt(answer: unknown): answer is BuiltSnapshot {
  return typeof answer === 'object' && answer !== null && 'bytes' in answer && 'sum' in answer
}

function inThread(work: SnapshotWork, signal: AbortSignal): Promise<unknown> {
  return new Promise((resolve, reject) => {
    signal.throwIfAborted()
    const worker = makeWorker({ workerData: work })
    const stop = (): void => {
      reject(new Error('the snapshot was broken off'))
      void worker.terminate()
    }
    signal.addEventListener('abort', stop, { once: true })
    worker.once('message', (answer: unknown) => {
      resolve(answer)
      void worker.terminate()
    })
    worker.once('error', reject)
    worker.once('exit', (code) => {
      signal.removeEventListener('abort', stop)
      reject(new Error(`the snapshot thread ended with ${code} before it was done`))
    })
  })
}
