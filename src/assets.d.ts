/** What electron-vite's suffixes hand back (its own `node.d.ts` would pull in the DOM). */
declare module '*?asset' {
  const path: string
  export default path
}
declare module '*?nodeWorker' {
  import type { Worker, WorkerOptions } from 'node:worker_threads'
  export default function makeWorker(options: WorkerOptions): Worker
}
declare module '*.sql?raw' {
  const text: string
  export default text
}
