/** Lists the benchmarks, or runs one: `npm run bench -- <name> [arguments]`. */
import { spawnSync } from 'node:child_process'
import { existsSync, readdirSync } from 'node:fs'
import { join, resolve } from 'node:path'

const root = resolve(import.meta.dirname, '..')
const folder = join(root, 'tests/bench')
const [name, ...rest] = process.argv.slice(2)
/** What several of them use. */
const HELPERS = [
  'yardstick.ts',
  'seed-search.ts',
  'right-paper-samples.ts',
  'right-paper-styles.ts',
  'seed-ledger.ts',
  'seed-finished.ts'
]
const names = readdirSync(folder)
  .filter((file) => file.endsWith('.ts') && !HELPERS.includes(file))
  .map((file) => file.replace(/\.ts$/, ''))

if (name === undefined || !names.includes(name)) {
  console.log(`Benchmarks: ${names.join(', ')}\nnpm run bench -- <name>`)
  process.exit(name === undefined ? 0 : 2)
}
// npm is a script on Windows, which only a shell starts.
const shell = process.platform === 'win32'
const run = (command, args) =>
  spawnSync(command, args, { cwd: root, stdio: 'inherit', shell: shell && command === 'npm' }).status ?? 1
if (!existsSync(join(root, 'out/main/cli.js')) && run('npm', ['run', 'build', '--silent']) !== 0)
  process.exit(1)
process.exit(run(process.execPath, [join(root, 'scripts/run-ts.mjs'), join(folder, `${name}.ts`), ...rest]))
