import { svelte } from '@sveltejs/vite-plugin-svelte'
import { defineConfig } from 'electron-vite'
import { resolve } from 'node:path'

const here = (path: string): string => resolve(import.meta.dirname, path)

/** Main, preload and renderer of the app, and the command line beside main. All libraries are bundled. */
export default defineConfig({
  main: {
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
    build: { rolldownOptions: { input: { index: here('src/renderer/index.html') } } },
    plugins: [svelte({ configFile: false })]
  }
})
