/** What electron-vite's suffixes hand back (its own `node.d.ts` would pull in the DOM). */
declare module '*?asset' {
  const path: string
  export default path
}
declare module '*?nodeWorker' {
  import type { Worker, WorkerOptions } from 'node:worker_threads'
  export default function makeWorker(options: WorkerOptions): Worker
}
/** The absolute path of a module that is built to run as a process of its own (`scripts/child-module.mjs`). */
declare module '*?child' {
  const path: string
  export default path
}
declare module '*.sql?raw' {
  const text: string
  export default text
}
