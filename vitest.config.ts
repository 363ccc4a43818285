import { availableParallelism } from 'node:os'
import { svelte } from '@sveltejs/vite-plugin-svelte'
import { svelteTesting } from '@testing-library/svelte/vite'
import { defineConfig } from 'vitest/config'
import { electronViteAssets } from './scripts/vitest-assets.mjs'
import { V8_FLAGS } from './src/main/platform/v8-flags.ts'

const project = (name: string, folder: string, seconds: number, isolate = true) => ({
  plugins: [electronViteAssets()],
  resolve: { alias: { electron: new URL('./tests/kit/no-electron.ts', import.meta.url).pathname } },
  test: {
    name,
    include: [`tests/${folder}/**/*.test.ts`],
    environment: 'node' as const,
    // As the command line does: no second compilation of SQLite for every file of tests.
    execArgv: [...V8_FLAGS],
    isolate,
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
      // No unit test replaces a module or a global: its files share a worker's modules, which load once.
      project('unit', 'unit', 30, false),
      project('integration', 'integration', 60),
      project('crash', 'crash', 900),
      {
        // Components in a document: what they show for what they are given, and what they tell back.
        plugins: [svelte({ configFile: false }), svelteTesting()],
        test: {
          name: 'ui',
          include: ['tests/ui/**/*.test.ts'],
          setupFiles: ['tests/ui/timeouts.ts'],
          environment: 'happy-dom' as const,
          testTimeout: 30_000
        }
      }
    ]
  }
})
