/**
 * Electron's program: where it is, and how it is fetched once when it is not there. What cannot be done
 * is said in sentences that end with what to do. Only `npm start` and `npm run dev` ask; installing and
 * testing never fetch anything.
 */
import { spawnSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'

const electron = resolve(import.meta.dirname, '../node_modules/electron')

/** The executable, or null. `ELECTRON_OVERRIDE_DIST_PATH` is Electron's own variable for a folder with one. */
export function findElectron(env = process.env, folder = electron) {
  const chosen = env['ELECTRON_OVERRIDE_DIST_PATH']
  const name = programName(process.platform)
  if (chosen) return existsSync(join(chosen, name)) ? join(chosen, name) : null
  const program = join(folder, 'dist', name)
  const wanted = versionOf(folder)
  return wanted !== null && existsSync(program) && versionOf(join(folder, 'dist')) === wanted ? program : null
}

/** The executable; fetches it when it is missing. Null when that is not possible: `say` was told why. */
export function electronOrWhy(say, env = process.env, folder = electron) {
  const chosen = env['ELECTRON_OVERRIDE_DIST_PATH']
  const found = findElectron(env, folder)
  if (found !== null) return found
  if (chosen) {
    say(
      `ELECTRON_OVERRIDE_DIST_PATH names ${chosen}, and there is no ${programName(process.platform)} in it.\nCorrect the variable, or take it away to let Electron be fetched.`
    )
    return null
  }
  const version = versionOf(folder)
  if (version === null) {
    say('The libraries are not installed. Run npm ci first.')
    return null
  }
  say(`Fetching Electron ${version} for ${process.platform}-${process.arch}: once, about 110 MB …`)
  const { status, stderr } = spawnSync(process.execPath, [join(folder, 'install.js')], {
    env,
    encoding: 'utf8',
    stdio: ['ignore', 'inherit', 'pipe'],
    timeout: 15 * 60_000
  })
  const arrived = status === 0 ? findElectron(env, folder) : null
  if (arrived === null) say(notFetched(version, reasonIn(stderr ?? '')))
  return arrived
}

/** What a person reads when there is no network, or something in between. */
export function notFetched(version, reason) {
  const archive = `electron-v${version}-${process.platform}-${process.arch}.zip`
  return `
Electron ${version} is not here and could not be fetched${reason === '' ? '' : `: ${reason}`}.
Sheaf's window needs it once. You can

  – connect to the network and run this again;
  – behind a proxy: set HTTPS_PROXY and ELECTRON_GET_USE_PROXY=true, and run this again;
  – from a mirror of Electron's releases: set ELECTRON_MIRROR to its address, and run this again;
  – bring it from another computer: unpack ${archive}
    into a folder, and set ELECTRON_OVERRIDE_DIST_PATH to that folder.

Without a window Sheaf does all of its work on the command line: npm run demo, npx sheaf --help.`
}

/** The one line of a stack that says something. */
function reasonIn(stderr) {
  const line = stderr.split('\n').find((one) => /error|ENOTFOUND|ECONN|ETIMEDOUT|EAI_AGAIN/i.test(one)) ?? ''
  const cause = /\b(ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ECONNRESET|ETIMEDOUT|EACCES|ENOSPC)\b[^\n]*/.exec(stderr)
  return (cause?.[0] ?? line.replace(/^\s*\w*Error: /, ''))
    .trim()
    .replace(/[\s{,'"]+$/, '')
    .slice(0, 200)
}

function programName(platform) {
  if (platform === 'darwin') return 'Electron.app/Contents/MacOS/Electron'
  return platform === 'win32' ? 'electron.exe' : 'electron'
}

/** The version of the package, or of an unpacked distribution. */
function versionOf(folder) {
  try {
    const file = existsSync(join(folder, 'package.json')) ? 'package.json' : 'version'
    const text = readFileSync(join(folder, file), 'utf8')
    return file === 'version' ? text.trim().replace(/^v/, '') : JSON.parse(text).version
  } catch {
    return null
  }
}
