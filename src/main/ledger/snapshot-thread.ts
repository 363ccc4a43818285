/** Runs `build-snapshot` in a worker thread and waits for its bytes. Aborting ends the thread. */
import makeWorker from './snapshot-worker?nodeWorker'
import type { SnapshotPlan } from './build-snapshot'

export function buildInThread(plan: SnapshotPlan, signal: AbortSignal): Promise<Uint8Array> {
  return new Promise((resolve, reject) => {
    signal.throwIfAborted()
    const worker = makeWorker({ workerData: plan })
    const stop = (): void => {
      reject(new Error('the snapshot was broken off'))
      void worker.terminate()
    }
    signal.addEventListener('abort', stop, { once: true })
    worker.once('message', (bytes: unknown) => {
      if (bytes instanceof Uint8Array) resolve(bytes)
      else reject(new Error('the snapshot thread answered something else'))
      void worker.terminate()
    })
    worker.once('error', reject)
    worker.once('exit', (code) => {
      signal.removeEventListener('abort', stop)
      reject(new Error(`the snapshot thread ended with ${code} before it was done`))
    })
  })
}
