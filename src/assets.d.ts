/** The results of electron-vite's import suffixes (its own `node.d.ts` would include the DOM types). */
declare module '*?asset' {
  const path: string
  export default path
}
declare module '*?nodeWorker' {
  import type { Worker, WorkerOptions } from 'node:worker_threads'
  export default function makeWorker(options: WorkerOptions): Worker
}
/**
 * The absolute path of a module that is built to run in a process of its own (`scripts/child-module.mjs`).
 */
declare module '*?child' {
  const path: string
  export default path
}
declare module '*.sql?raw' {
  const text: string
  export default text
}

declare module '*.csl?raw' {
  const text: string
  export default text
}

declare module '*.xml?raw' {
  const text: string
  export default text
}

/** The part of citeproc-js that is used; the package has no types of its own. */
declare module 'citeproc' {
  interface CiteprocSystem {
    retrieveLocale(language: string): string | false
    retrieveItem(id: string): unknown
  }
  interface Engine {
    updateItems(ids: readonly string[]): void
    setOutputFormat(format: 'text' | 'html'): void
    makeCitationCluster(items: readonly { readonly id: string }[]): string
    /** false: the style has no bibliography */
    makeBibliography(): [unknown, string[]] | false
  }
  const CSL: {
    readonly Engine: new (
      system: CiteprocSystem,
      style: string,
      language: string,
      forceLanguage: boolean
    ) => Engine
  }
  export default CSL
}
