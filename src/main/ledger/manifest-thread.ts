/** Reads a foreign `manifest.sqlite3` in a thread, with a time limit. Aborting ends the thread at once. */
import { messageOf, SheafError } from '../../contract/errors'
import type { Manifest } from './manifest-rows'
import makeWorker from './manifest-worker?nodeWorker'
import type { ManifestAnswer } from './manifest-answer'
import { abortError } from '../platform/or-aborted'

/** 700,000 rows take about ten seconds. */
const MOST_MS = 180_000
const HEAP_MEGABYTES = 2_048

/**
 * Throws NOT_A_MANIFEST for any other file and when reading takes longer than `mostMs`; the signal's reason
 * when aborted.
 */
export function readManifest(bytes: Uint8Array, signal: AbortSignal, mostMs = MOST_MS): Promise<Manifest> {
  return new Promise((resolve, reject) => {
    signal.throwIfAborted()
    const worker = makeWorker({
      workerData: { bytes },
      resourceLimits: { maxOldGenerationSizeMb: HEAP_MEGABYTES }
    })
    const end = (): void => {
      clearTimeout(timer)
      signal.removeEventListener('abort', stop)
      void worker.terminate()
    }
    const stop = (): void => {
      reject(abortError(signal))
      end()
    }
    const refuse = (because: string): void => {
      reject(new SheafError('NOT_A_MANIFEST', `The file could not be read: ${because}.`))
      end()
    }
    const timer = setTimeout(() => {
      refuse(`it took longer than ${String(Math.round(mostMs / 1000))} s`)
    }, mostMs)
    signal.addEventListener('abort', stop, { once: true })
    worker.once('message', (answer: ManifestAnswer) => {
      if (answer.kind === 'read') resolve(answer.manifest)
      else reject(new SheafError(answer.code, answer.message))
      end()
    })
    worker.once('error', (error) => {
      refuse(messageOf(error))
    })
    worker.once('exit', (code) => {
      refuse(`the thread that read it ended with ${String(code)}`)
    })
  })
}
