/**
 * The one test command. Builds what the tests start, runs every runner, says once more what failed, and
 * ends with one line that sums them up: `123 passed, 0 failed`. Exits non-zero on any failure, or when
 * nothing ran. Names of runners choose some of them: `npm test -- unit ui`.
 */
import { spawn } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, relative, resolve } from 'node:path'
import { stripVTControlCharacters } from 'node:util'

const root = resolve(import.meta.dirname, '..')
const scratch = mkdtempSync(join(tmpdir(), 'sheaf-test-'))
const wanted = process.argv.slice(2)
let passed = 0
let failed = 0
/** what failed and the first lines of why: the place in a long log is far up by then */
const failures = []
const REASON_LINES = 12

/** Resolves with the exit status. */
function run(name, command, args, { env = {} } = {}) {
  const began = performance.now()
  console.log(`\n— ${name}`)
  return new Promise((done) => {
    const child = spawn(command, args, {
      cwd: root,
      stdio: 'inherit',
      env: { ...process.env, ...env },
      shell: process.platform === 'win32'
    })
    child.once('error', () => done(1))
    child.once('close', (status) => {
      console.log(`(${name}: ${Math.round((performance.now() - began) / 1000)} s)`)
      done(status ?? 1)
    })
  })
}

function note(name, reason) {
  const lines = stripVTControlCharacters(reason ?? '').split('\n')
  failures.push(
    [`✗ ${name}`, ...lines.slice(0, REASON_LINES).map((line) => `    ${line}`)].join('\n').trimEnd()
  )
}

/** Adds what a runner's report says; a runner that died before it could report is a failure, not silence. */
function count(name, file, status, read) {
  const sums = existsSync(file) ? read(JSON.parse(readFileSync(file, 'utf8'))) : { passed: 0, failed: 0 }
  passed += sums.passed
  failed += sums.failed
  const silent = sums.passed + sums.failed === 0
  if (silent || (status !== 0 && sums.failed === 0)) {
    failed += 1
    note(name, `ended with status ${status} beside its tests, of which ${sums.passed} passed`)
  }
}

function readVitest(report) {
  for (const file of report.testResults) {
    const tests = file.assertionResults.filter(({ status }) => status === 'failed')
    const at = relative(root, file.name)
    if (file.status === 'failed' && tests.length === 0) note(at, file.message)
    for (const test of tests) note(`${at} › ${test.fullName}`, test.failureMessages[0])
  }
  return { passed: report.numPassedTests, failed: report.numFailedTests }
}

function readPlaywright({ stats, errors, suites }) {
  const look = ({ specs = [], suites: inner = [] }) => {
    for (const spec of specs.filter(({ ok }) => !ok)) {
      const error = spec.tests.flatMap(({ results }) => results).find((result) => result.error)?.error
      note(`tests/e2e/${spec.file}:${spec.line} › ${spec.title}`, error?.message)
    }
    inner.forEach(look)
  }
  suites.forEach(look)
  for (const error of errors) note('e2e', error.message)
  return { passed: stats.expected + stats.flaky, failed: stats.unexpected + errors.length }
}

async function vitest(project) {
  const file = join(scratch, `${project}.json`)
  const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${file}`]
  const status = await run(project, 'npx', ['vitest', 'run', '--project', project, ...reporters])
  count(project, file, status, readVitest)
}

async function playwright() {
  const file = join(scratch, 'e2e.json')
  const status = await run('e2e', 'npx', ['playwright', 'test'], { env: { SHEAF_E2E_REPORT: file } })
  count('e2e', file, status, readPlaywright)
}

const has = (name) => wanted.length === 0 || wanted.includes(name)
try {
  if ((await run('build', 'npm', ['run', 'build', '--silent'])) !== 0) {
    failed += 1
    note('build', 'does not build; see above')
  } else {
    for (const project of ['unit', 'ui', 'integration']) if (has(project)) await vitest(project)
    // One after the other: side by side on two cores both take longer than in turn.
    if (has('crash')) await vitest('crash')
    if (has('e2e')) await playwright()
  }
} finally {
  rmSync(scratch, { recursive: true, force: true })
}
if (failures.length > 0) console.log(`\n— failed\n${failures.join('\n')}`)
console.log(`\n${passed} passed, ${failed} failed`)
process.exit(failed === 0 && passed > 0 ? 0 : 1)
