/**
 * The one test command. Builds what the tests start, runs every runner, and ends with one line that
 * sums them up: `123 passed, 0 failed`. Exits non-zero on any failure, or when nothing ran.
 */
import { spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'

const root = resolve(import.meta.dirname, '..')
const scratch = mkdtempSync(join(tmpdir(), 'sheaf-test-'))
let passed = 0
let failed = 0

function run(name, command, args, env = {}) {
  console.log(`\n— ${name}`)
  const { status } = spawnSync(command, args, {
    cwd: root,
    stdio: 'inherit',
    env: { ...process.env, ...env },
    shell: process.platform === 'win32'
  })
  return status ?? 1
}

function count(file, read) {
  if (!existsSync(file)) return false
  const sums = read(JSON.parse(readFileSync(file, 'utf8')))
  passed += sums.passed
  failed += sums.failed
  return sums.passed + sums.failed > 0
}

if (run('build', 'npm', ['run', 'build', '--silent']) !== 0) {
  console.log('0 passed, 1 failed')
  process.exit(1)
}

for (const project of ['unit', 'integration', 'crash']) {
  const file = join(scratch, `${project}.json`)
  const status = run(project, 'npx', [
    'vitest',
    'run',
    '--project',
    project,
    '--reporter=default',
    '--reporter=json',
    `--outputFile.json=${file}`
  ])
  const counted = count(file, (report) => ({
    passed: report.numPassedTests,
    failed: report.numFailedTests + (report.numFailedTests === 0 && !report.success ? 1 : 0)
  }))
  // A runner that died before it could report is a failure, not silence.
  if (!counted || (status !== 0 && failed === 0)) failed += 1
}

console.log(`\n${passed} passed, ${failed} failed`)
process.exit(failed === 0 && passed > 0 ? 0 : 1)
