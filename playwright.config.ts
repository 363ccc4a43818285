import { defineConfig } from 'playwright/test'

/** The end-to-end specs. They start the built app, so `npm run build` comes first (`npm test` sees to it). */
export default defineConfig({
  testDir: 'tests/e2e',
  outputDir: 'test-results',
  timeout: 120_000,
  expect: { timeout: 15_000 },
  retries: 0,
  workers: 2,
  fullyParallel: false,
  forbidOnly: process.env['CI'] !== undefined,
  globalSetup: './tests/e2e/say-which-host.ts',
  reporter: [
    ['list'],
    ...(process.env['SHEAF_E2E_REPORT'] === undefined
      ? []
      : [['json', { outputFile: process.env['SHEAF_E2E_REPORT'] }] as ['json', { outputFile: string }]])
  ],
  use: { trace: 'retain-on-failure', screenshot: 'only-on-failure' }
})
