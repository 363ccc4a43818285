/**
 * Starts a packaged Sheaf with an empty data folder, waits until it has opened its ledger, and asks it to
 * end: `node scripts/smoke-start.mjs PROGRAM [ARGUMENT…]`. The ledger is opened once the page was drawn, so
 * that window, page and database have come out of the archive by then.
 */
import { spawn } from 'node:child_process'
import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'

const START_MS = 90_000
const END_MS = 20_000

const [program, ...args] = process.argv.slice(2)
if (program === undefined) {
  console.error('Usage: node scripts/smoke-start.mjs PROGRAM [ARGUMENT…]')
  process.exit(2)
}
const dataDir = mkdtempSync(join(tmpdir(), 'sheaf-smoke-'))
// Not the library of the user who runs this.
writeFileSync(join(dataDir, 'settings.json'), JSON.stringify({ 'files.library': join(dataDir, 'library') }))
const child = spawn(program, [...args, `--user-data-dir=${dataDir}`], { stdio: 'inherit' })
let ended = null
child.once('error', (error) => (ended = error.message))
child.once('exit', (code, signal) => (ended ??= `status ${String(code ?? signal)}`))

const until = async (ms, isSo) => {
  for (const from = Date.now(); Date.now() - from < ms; await sleep(100)) if (isSo()) return true
  return false
}
const isOpen = () => existsSync(join(dataDir, 'lock')) && existsSync(join(dataDir, 'ledger.sqlite'))
try {
  await until(START_MS, () => ended !== null || isOpen())
  if (ended !== null || !isOpen()) {
    console.error(`It did not start: ${ended ?? 'the ledger was not opened in time'}.`)
    console.error(`In its data folder: ${readdirSync(dataDir).join(', ') || 'nothing'}`)
    process.exitCode = 1
  } else {
    child.kill('SIGTERM')
    const isOver = await until(END_MS, () => ended !== null)
    // Windows knows no such signal: the process is ended there, and its lock stays.
    const isClean =
      process.platform === 'win32' || (ended === 'status 0' && !existsSync(join(dataDir, 'lock')))
    if (!isOver || !isClean) {
      console.error(`It did not end as asked: ${ended ?? 'still there'}.`)
      process.exitCode = 1
    } else console.log('It starts, opens its ledger, and ends.')
  }
} finally {
  if (ended === null) child.kill('SIGKILL')
  rmSync(dataDir, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 })
}
