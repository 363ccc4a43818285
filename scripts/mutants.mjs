/**
 * Applies each planted fault of `tests/mutants/list.json` to a scratch copy of the sources, runs the
 * tests that are to notice it, and names the faults that none noticed. `npm run mutants [name part]`.
 */
import { spawnSync } from 'node:child_process'
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = dirname(dirname(fileURLToPath(import.meta.url)))
const wanted = process.argv.slice(2)
const mutants = JSON.parse(readFileSync(join(root, 'tests/mutants/list.json'), 'utf8')).filter(
  ({ name }) => wanted.length === 0 || wanted.some((part) => name.includes(part))
)
const scratch = mkdtempSync(join(tmpdir(), 'sheaf-mutants-'))
const survivors = []
try {
  for (const path of [
    'src',
    'tests',
    'resources',
    'scripts',
    'package.json',
    'tsconfig.json',
    'tsconfig.base.json',
    'tsconfig.node.json',
    'tsconfig.web.json',
    'vitest.config.ts',
    'electron.vite.config.ts'
  ])
    cpSync(join(root, path), join(scratch, path), { recursive: true })
  symlinkSync(join(root, 'node_modules'), join(scratch, 'node_modules'), 'junction')
  // The tests must pass without a fault, or their failure would say nothing.
  const tests = [...new Set(mutants.flatMap((mutant) => mutant.tests))]
  const clean = run(tests, null)
  if (clean.status !== 0) {
    console.error(
      `The tests fail without any fault:\n${clean.stdout.slice(-4_000)}${clean.stderr.slice(-2_000)}`
    )
    process.exitCode = 2
  } else {
    for (const mutant of mutants) play(mutant)
    const killed = mutants.length - survivors.length
    console.log(`${killed} of ${mutants.length} faults were noticed.`)
    if (survivors.length > 0) {
      console.error(`Survived: ${survivors.join(', ')}`)
      process.exitCode = 1
    }
  }
} finally {
  rmSync(scratch, { recursive: true, force: true })
}

function play({ name, file, find, replace, tests, only }) {
  const path = join(scratch, file)
  const source = readFileSync(path, 'utf8')
  if (source.split(find).length !== 2) {
    survivors.push(`${name} (it no longer applies to ${file})`)
    return
  }
  writeFileSync(
    path,
    source.replace(find, () => replace)
  )
  try {
    const { status } = run(tests, only ?? null)
    console.log(`${status === 0 ? 'SURVIVED' : 'noticed '}  ${name}`)
    if (status === 0) survivors.push(name)
  } finally {
    writeFileSync(path, source)
  }
}

function run(tests, only) {
  const args = [
    'vitest',
    'run',
    ...tests,
    '--reporter=dot',
    '--bail=1',
    ...(only === null ? [] : ['-t', only])
  ]
  return spawnSync('npx', args, { cwd: scratch, encoding: 'utf8', shell: process.platform === 'win32' })
}
