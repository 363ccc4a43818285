/**
 * `npm start`: builds, sees that Electron is there, and starts the app; what follows `--` goes to the app
 * (`npm start -- refs.bib`). `npm run dev` does the same with the development server, whose page is
 * replaced as its sources change.
 */
import { spawn, spawnSync } from 'node:child_process'
import { createRequire } from 'node:module'
import { dirname, join, resolve } from 'node:path'
import { electronOrWhy } from './electron-binary.mjs'
import { readsAsRestricted, sandboxRemedy } from './user-namespaces.mjs'

const root = resolve(import.meta.dirname, '..')
const [first, ...others] = process.argv.slice(2)
const develops = first === '--dev'
const rest = develops || first === undefined ? others : [first, ...others]
const say = (text) => process.stderr.write(`${text}\n`)

const electron = electronOrWhy(say)
if (electron === null) process.exit(1)
if (process.platform === 'linux' && !process.env['DISPLAY'] && !process.env['WAYLAND_DISPLAY']) {
  say('There seems to be no screen (neither DISPLAY nor WAYLAND_DISPLAY is set); trying all the same.')
}

if (process.platform === 'linux' && readsAsRestricted()) say(sandboxRemedy(electron))

const vite = join(
  dirname(createRequire(import.meta.url).resolve('electron-vite/package.json')),
  'bin/electron-vite.js'
)
const node = (...args) => spawnSync(process.execPath, args, { cwd: root, stdio: 'inherit' }).status ?? 1
if (!develops) {
  const built = node(vite, 'build', '--logLevel', 'warn') || node(join(root, 'scripts/after-build.mjs'))
  if (built !== 0) process.exit(built)
}
const [program, args, env] = develops
  ? [
      process.execPath,
      [vite, 'dev', ...(rest.length > 0 ? ['--', ...rest] : [])],
      { ELECTRON_EXEC_PATH: electron }
    ]
  : [electron, [root, ...rest], {}]
const app = spawn(program, args, { cwd: root, stdio: 'inherit', env: { ...process.env, ...env } })
app.on('error', (error) => {
  say(`${program} could not be started: ${error.message}`)
  process.exit(1)
})
app.on('exit', (code, signal) => process.exit(signal ? 1 : (code ?? 0)))
for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => app.kill(signal))
