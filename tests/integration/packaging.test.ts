/**
 * The package as electron-builder makes it for a release (unsigned, a folder, Linux), with a fake Electron,
 * so that no network is needed: the configuration is valid, the archive contains exactly what the app needs,
 * the fuses are set, and the archived app starts. The installers are made by the workflow on the three
 * systems.
 */
import { createPackage, extractAll, extractFile, listPackage } from '@electron/asar'
import { spawnSync } from 'node:child_process'
import { chmodSync, existsSync, mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { checkPackage, missingFrom } from '../../scripts/check-package.mjs'
import { packageFiles } from '../../scripts/package-files.mjs'
import { startElectron } from '../kit/electron-host'
import { repositoryRoot } from '../kit/shared'
import { tempFolder, tempFolderForAll } from '../kit/temp-folder'

const folder = tempFolderForAll('package')
const unpacked = join(folder.path, 'dist/linux-unpacked')
const archive = join(unpacked, 'resources/app.asar')
const out = join(repositoryRoot, 'out')

/**
 * Electron's executable contains this text, the version of the fuse wire, its length, and one byte per fuse.
 */
const FUSE_MARK = 'dL7pKGdnNz796PbbjQWNKmHXBZaB9tsX'
const FUSE_COUNT = 9

function makeBelieveElectron(path: string): void {
  const fuses = `${FUSE_MARK}\u0001${String.fromCharCode(FUSE_COUNT)}${'1'.repeat(FUSE_COUNT)}`
  const { version } = JSON.parse(
    readFileSync(join(repositoryRoot, 'node_modules/electron/package.json'), 'utf8')
  ) as { version: string }
  mkdirSync(join(path, 'locales'), { recursive: true })
  mkdirSync(join(path, 'resources'))
  writeFileSync(join(path, 'electron'), `#!/bin/sh\nexit 0\n${fuses}`)
  chmodSync(join(path, 'electron'), 0o755)
  writeFileSync(join(path, 'version'), version)
  for (const name of ['LICENSE', 'LICENSES.chromium.html', 'locales/en-US.pak', 'locales/de.pak'])
    writeFileSync(join(path, name), 'x')
}

function build(...more: string[]): { readonly status: number | null; readonly text: string } {
  const electron = join(folder.path, 'electron')
  if (!existsSync(electron)) makeBelieveElectron(electron)
  const builder = createRequire(import.meta.url).resolve('electron-builder/package.json')
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    [
      join(dirname(builder), 'cli.js'),
      ...['--dir', '--linux', '--x64', '--config', 'electron-builder.config.ts', '--publish', 'never'],
      `-c.electronDist=${electron}`,
      `-c.directories.output=${join(folder.path, 'dist')}`,
      ...more
    ],
    { cwd: repositoryRoot, encoding: 'utf8', timeout: 170_000 }
  )
  return { status, text: `${stdout}\n${stderr}` }
}

let built: ReturnType<typeof build> = { status: -1, text: '' }
// Ten seconds alone, many times that on a busy machine.
beforeAll(() => {
  built = build()
}, 180_000)
afterAll(() => {
  folder.remove()
})

describe('the package', () => {
  test('is built, and electron-builder accepts the configuration', () => {
    expect(built.status, built.text).toBe(0)
    expect(built.text).toMatch(/the package is whole: \d+ files/)
  })

  test('contains exactly what was built for the app', () => {
    const names = listPackage(archive, { isPack: false }).map((name) => name.slice(1).replaceAll('\\', '/'))
    const expected = ['package.json', ...packageFiles(out).map((file) => `out/${file}`)]
    for (const name of expected) expect(names).toContain(name)
    expect(built.text).toContain(`the package is whole: ${String(expected.length)} files`)
    const strangers = /node_modules|\.ts$|\.svelte$|\.map$|cli\.js$|^src\/|^tests?\//
    expect(names.filter((name) => strangers.test(name))).toEqual([])
    expect(names.some((name) => /sql-wasm-.*\.wasm$/.test(name))).toBe(true)
  })

  test('has nothing beside the archive but Electron and one language', () => {
    expect(readdirSync(join(unpacked, 'resources')).filter((name) => name.includes('unpacked'))).toEqual([])
    expect(readdirSync(join(unpacked, 'locales'))).toEqual(['en-US.pak'])
  })

  test('has its fuses set', () => {
    const executable = readFileSync(join(unpacked, 'sheaf'), 'latin1')
    const wire = executable.slice(executable.indexOf(FUSE_MARK) + FUSE_MARK.length + 2).slice(0, FUSE_COUNT)
    // runAsNode, cookie encryption, NODE_OPTIONS, inspector, asar integrity, only asar, own snapshot, file privileges
    expect(wire.slice(0, 8)).toBe('00001100')
  })

  test('names its version, and nothing that only developers need', () => {
    const description = JSON.parse(extractFile(archive, 'package.json').toString('utf8')) as object
    const own = JSON.parse(readFileSync(join(repositoryRoot, 'package.json'), 'utf8')) as { version: string }
    expect(description).toMatchObject({ name: 'sheaf', version: own.version, main: './out/main/index.js' })
    expect(description).not.toHaveProperty('devDependencies')
    expect(description).not.toHaveProperty('scripts')
  })
})

describe('the check of a package', () => {
  test('detects missing files, surplus files, and a missing module', async () => {
    const scratch = tempFolder('spoiled')
    const write = (path: string, text: string): void => {
      mkdirSync(dirname(join(scratch, path)), { recursive: true })
      writeFileSync(join(scratch, path), text)
    }
    for (const place of ['built', 'app/out']) {
      write(`${place}/main/index.js`, "import './chunks/one-Ab12.js'\n")
      write(`${place}/preload/index.cjs`, "const { app } = require('electron')\n")
    }
    write('built/main/chunks/one-Ab12.js', '')
    write('app/package.json', '{"main":"./out/main/other.js","dependencies":{"left-pad":"1"}}')
    write('app/node_modules/left-pad/index.js', "import 'right-pad'\n")
    await createPackage(join(scratch, 'app'), join(scratch, 'app.asar'))
    const { problems } = checkPackage(join(scratch, 'app.asar'), join(scratch, 'built'))
    for (const problem of [
      'out/main/chunks/one-Ab12.js was built and is not in the package',
      'out/main/index.js needs ./chunks/one-Ab12.js, which is missing',
      'node_modules/left-pad/index.js is in the package and nobody needs it',
      'node_modules/left-pad/index.js does not belong into a package',
      'node_modules/left-pad/index.js wants the module right-pad, and no module is packaged',
      'package.json does not lead to the app',
      'package.json asks for left-pad, which is not packaged',
      'SQLite is missing',
      'the page is missing'
    ])
      expect(problems).toContain(problem)
  })

  test('finds the imports of built files', () => {
    const there = new Set(['out/main/a.js', 'out/main/chunks/b.js', 'out/renderer/x.css'])
    const text = `import { a } from "./a.js"
import"./gone.js"
import fs from "node:fs"
import { app } from "electron"
const b = await import("./chunks/b.js"), c = await import("./chunks/c.js")
new Worker(new URL("./chunks/w.js", import.meta.url))
var wasm = join(import.meta.dirname, "./chunks/q.wasm")
const lodash = require("lodash"), sure = __require("fs")
/** import { nothing } from "./only-a-comment.js" */
const pattern = "import './only-a-text.js'"`
    expect(missingFrom('out/main/index.js', text, there)).toEqual([
      'out/main/index.js needs ./gone.js, which is missing',
      'out/main/index.js needs ./chunks/c.js, which is missing',
      'out/main/index.js wants the module lodash, and no module is packaged',
      'out/main/index.js names ./chunks/w.js, which is missing',
      'out/main/index.js names ./chunks/q.wasm, which is missing'
    ])
    expect(
      missingFrom('out/renderer/index.html', '<link href="./x.css"><script src="./y.js">', there)
    ).toEqual(['out/renderer/index.html names ./y.js, which is missing'])
  })
})

const browser = ['chromium-headless-shell', 'chromium', 'chromium-browser', 'google-chrome']
  .map((name) => `/usr/bin/${name}`)
  .find((path) => existsSync(path))

test.skipIf(process.platform !== 'linux' || browser === undefined)(
  'the archived app starts, shows its page and answers requests',
  async () => {
    const scratch = tempFolder('started')
    // Plain Node cannot read archives; the extracted files, away from any node_modules, are equivalent.
    extractAll(archive, join(scratch, 'app'))
    // Its own home: the default library is in the user's documents, where another Sheaf may be at work.
    const app = await startElectron({
      appPath: join(scratch, 'app'),
      userData: join(scratch, 'data'),
      env: { HOME: scratch }
    })
    try {
      const page = await app.firstWindow()
      await page.getByRole('button', { name: 'Start' }).waitFor()
      expect(await page.title()).toBe('Sheaf')
      // Main answers, and all its own dependencies are present.
      expect(await page.getByText('Library folder').isVisible()).toBe(true)
    } finally {
      await app.close()
    }
  },
  120_000
)
