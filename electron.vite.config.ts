import { svelte } from '@sveltejs/vite-plugin-svelte'
import { defineConfig } from 'electron-vite'
import { resolve } from 'node:path'
import type { Plugin } from 'vite'
import { childModule } from './scripts/child-module.mjs'
import { pdfjsFiles } from './scripts/pdfjs-files.mjs'
import { META_POLICY } from './src/main/shell/page-policy'

const here = (path: string): string => resolve(import.meta.dirname, path)

/** The page says its policy itself, too: a second line of defence behind the header of main's answers. */
const policyInThePage: Plugin = {
  name: 'policy-in-the-page',
  apply: 'build',
  transformIndexHtml: () => [
    {
      tag: 'meta',
      attrs: { 'http-equiv': 'Content-Security-Policy', content: META_POLICY },
      injectTo: 'head-prepend'
    }
  ]
}

/** bits-ui wraps an item in an inline style, which the page's policy refuses: a class says the same. */
const classesForInlineStyles: Plugin = {
  name: 'classes-for-inline-styles',
  enforce: 'pre',
  transform: (code, id) =>
    /\/bits-ui\/.*\.svelte$/.test(id) ? code.replaceAll('style="display: contents;"', 'class="no-box"') : null
}

/**
 * Main uses axios's adapter for Node alone. What makes requests with `fetch`, and forms of many parts with their
 * table of file types, would be read and evaluated at every start (0.1 s); axios's own builds for browsers
 * replace modules in the same way.
 */
const axiosForNode: Plugin = {
  name: 'axios-for-node',
  enforce: 'pre',
  resolveId(id, importer) {
    if (importer?.includes('/node_modules/axios/lib/') !== true) return null
    if (id === 'form-data') return here('node_modules/axios/lib/helpers/null.js')
    return id === './fetch.js' ? NO_FETCH : null
  },
  load: (id) => (id === NO_FETCH ? 'export const getFetch = () => null' : null),
  // Node loads its `fetch` with all that belongs to it when `FormData` is first looked at.
  transform: (code, id) =>
    id.endsWith('/node_modules/axios/lib/utils.js')
      ? code.replace("typeof G.FormData !== 'undefined' ? G.FormData : undefined", 'undefined')
      : null
}
const NO_FETCH = '\0axios-no-fetch'

/**
 * PDFium's own loader names its wasm file beside itself, where it is not: `library/pdfium.ts` reads the file and
 * hands the bytes over.
 */
const pdfiumWithoutPath: Plugin = {
  name: 'pdfium-without-path',
  enforce: 'pre',
  transform: (code, id) =>
    id.includes('/@embedpdf/pdfium/')
      ? code.replace("new URL('pdfium.wasm', import.meta.url).href", "'pdfium.wasm'")
      : null
}

/** Main, preload and renderer of the app, and the command line beside main. All libraries are bundled. */
export default defineConfig({
  main: {
    plugins: [childModule(), axiosForNode, pdfiumWithoutPath],
    // A folder that is not there: else the bundler takes `resources/` for one whose files main finds in
    // the checkout, and the pictures that main shows would not be in the package.
    publicDir: here('no-public-folder'),
    // The same parser without what fetches pages: a megabyte less to read before the ledger opens.
    resolve: { alias: { cheerio: here('node_modules/cheerio/dist/browser/index.js') } },
    build: {
      externalizeDeps: false,
      rolldownOptions: {
        input: { index: here('src/main/index.ts'), cli: here('src/main/cli.ts') }
      }
    }
  },
  preload: {
    build: {
      externalizeDeps: false,
      rolldownOptions: {
        input: { index: here('src/preload/index.ts') },
        output: { format: 'cjs', entryFileNames: '[name].cjs' }
      }
    }
  },
  renderer: {
    root: here('src/renderer'),
    // The page stands at sheaf://app even in development: the bundler’s client cannot guess where it came from.
    server: { port: 5173, strictPort: true, hmr: { protocol: 'ws', host: 'localhost', clientPort: 5173 } },
    build: { minify: true, rolldownOptions: { input: { index: here('src/renderer/index.html') } } },
    plugins: [classesForInlineStyles, svelte({ configFile: false }), pdfjsFiles(), policyInThePage]
  }
})
