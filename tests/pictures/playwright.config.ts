import { defineConfig } from 'playwright/test'

/** Takes the screenshots of the guide: `npm run pictures`. Not a test run: nothing is compared. */
export default defineConfig({
  testDir: '.',
  outputDir: '../../node_modules/.cache/sheaf-pictures-run',
  timeout: 120_000,
  expect: { timeout: 20_000 },
  workers: 1,
  reporter: [['list']]
})
