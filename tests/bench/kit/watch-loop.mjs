/**
 * Watches the event loop of the process that it is preloaded into (`node --import`), for benches only.
 * `BENCH_LOOP_DELAY` names the file that gets p50, p99 and the longest delay in milliseconds when the process
 * ends; `BENCH_LOOP_SCRIPT` is the end of the one script to watch, since child processes and threads inherit
 * both. A running process is asked through `globalThis.benchLoopDelay`.
 */
import { writeFileSync } from 'node:fs'
import { monitorEventLoopDelay } from 'node:perf_hooks'
import { isMainThread } from 'node:worker_threads'

/** The histogram counts the time between two ticks of its timer, so a free loop shows this much. */
const RESOLUTION_MS = 5
const file = process.env['BENCH_LOOP_DELAY']
const script = process.env['BENCH_LOOP_SCRIPT'] ?? 'out/main/cli.js'

if (isMainThread && (process.argv[1] ?? '').endsWith(script)) {
  const histogram = monitorEventLoopDelay({ resolution: RESOLUTION_MS })
  const ms = (nanoseconds) => Math.max(0, nanoseconds / 1e6 - RESOLUTION_MS)
  const read = () => ({
    p50: ms(histogram.percentile(50)),
    p99: ms(histogram.percentile(99)),
    max: ms(histogram.max)
  })
  globalThis.benchLoopDelay = { histogram, read }
  histogram.enable()
  if (file !== undefined)
    process.on('exit', () => {
      writeFileSync(file, JSON.stringify(read()))
    })
}
