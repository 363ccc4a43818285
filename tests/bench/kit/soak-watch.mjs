/**
 * Samples the process that it is preloaded into (`node --import`), for benches only: a JSON line in the file
 * `BENCH_SOAK` every `BENCH_SOAK_MS` with seconds since the start, memory, open files, what keeps the loop
 * alive, and the loop's delay since the last line.
 */
import { appendFileSync, readdirSync } from 'node:fs'
import { monitorEventLoopDelay } from 'node:perf_hooks'
import { isMainThread } from 'node:worker_threads'

const RESOLUTION_MS = 5
const file = process.env['BENCH_SOAK']

if (file !== undefined && isMainThread && (process.argv[1] ?? '').endsWith('out/main/cli.js')) {
  const histogram = monitorEventLoopDelay({ resolution: RESOLUTION_MS })
  const ms = (nanoseconds) => Math.max(0, nanoseconds / 1e6 - RESOLUTION_MS)
  histogram.enable()
  const sample = () => {
    const { rss, heapUsed } = process.memoryUsage()
    const line = {
      at: process.uptime(),
      rssMB: rss / 1e6,
      heapMB: heapUsed / 1e6,
      files: readdirSync('/proc/self/fd').length,
      handles: process.getActiveResourcesInfo().length,
      p99Ms: ms(histogram.percentile(99)),
      maxMs: ms(histogram.max)
    }
    histogram.reset()
    appendFileSync(file, `${JSON.stringify(line)}\n`)
  }
  setInterval(sample, Number(process.env['BENCH_SOAK_MS'] ?? 5_000)).unref()
}
