/**
 * Runs a TypeScript file under plain Node: `node scripts/run-ts.mjs <file.ts> [arguments]`. The file
 * and what it imports of ours are bundled into a cache folder; libraries are taken from node_modules.
 * Workers and assets are found as in a build, and every module still knows the folder of its source.
 */
import { mkdirSync, rmSync } from 'node:fs'
import { basename, dirname, join, resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import { build } from 'vite'
import { electronViteAssets } from './vitest-assets.mjs'

const root = resolve(import.meta.dirname, '..')
const [file, ...rest] = process.argv.slice(2)
if (file === undefined) {
  process.stderr.write('Say which file: node scripts/run-ts.mjs <file.ts> [arguments]\n')
  process.exit(2)
}

/** `import.meta.dirname` means the folder of the source, not of the bundle. */
const ownFolders = {
  name: 'own-folders',
  transform(code, id) {
    const path = id.replace(/\?.*$/, '')
    if (path.includes('/node_modules/') || !code.includes('import.meta.')) return null
    return code
      .replaceAll('import.meta.dirname', JSON.stringify(dirname(path)))
      .replaceAll('import.meta.filename', JSON.stringify(path))
  }
}

const entry = resolve(file)
const name = basename(entry, '.ts')
const folder = join(root, 'node_modules/.cache/sheaf-scripts', `${name}-${process.pid}`)
mkdirSync(folder, { recursive: true })
process.on('exit', () => {
  rmSync(folder, { recursive: true, force: true })
})
await build({
  configFile: false,
  logLevel: 'error',
  root,
  plugins: [electronViteAssets(), ownFolders],
  build: {
    ssr: entry,
    outDir: folder,
    emptyOutDir: true,
    minify: false,
    sourcemap: 'inline',
    rolldownOptions: { output: { entryFileNames: `${name}.mjs`, codeSplitting: false } }
  },
  ssr: { target: 'node' }
})
process.argv = [process.argv[0], entry, ...rest]
await import(pathToFileURL(join(folder, `${name}.mjs`)).href)
