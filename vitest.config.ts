import { availableParallelism } from 'node:os'
import { svelte } from '@sveltejs/vite-plugin-svelte'
import { svelteTesting } from '@testing-library/svelte/vite'
import { defineConfig } from 'vitest/config'
import { electronViteAssets } from './scripts/vitest-assets.mjs'

/**
 * Files of a project share a worker's modules (no test replaces a module or a global): loading the engine
 * anew for each of two hundred files took a tenth of the whole run.
 */
const project = (name: string, folder: string, seconds: number) => ({
  plugins: [electronViteAssets()],
  resolve: { alias: { electron: new URL('./tests/kit/no-electron.ts', import.meta.url).pathname } },
  test: {
    name,
    include: [`tests/${folder}/**/*.test.ts`],
    environment: 'node' as const,
    isolate: false,
    testTimeout: seconds * 1000,
    hookTimeout: seconds * 1000,
    // What is polled for is a fact that comes about, not how soon it does on a busy machine.
    expect: { poll: { timeout: 10_000 } },
    server: { deps: { inline: [/\?asset-path$/, /\?worker-path$/] } }
  }
})

export default defineConfig({
  test: {
    // Much of the time is waited for disks, timers and processes: one core less would leave the rest idle.
    maxWorkers: Math.max(2, availableParallelism() - 1),
    projects: [
      project('unit', 'unit', 30),
      project('integration', 'integration', 60),
      project('crash', 'crash', 900),
      {
        // Components in a document: what they show for what they are given, and what they tell back.
        plugins: [svelte({ configFile: false }), svelteTesting()],
        test: {
          name: 'ui',
          include: ['tests/ui/**/*.test.ts'],
          setupFiles: ['tests/ui/patience.ts'],
          environment: 'happy-dom' as const,
          testTimeout: 30_000
        }
      }
    ]
  }
})
