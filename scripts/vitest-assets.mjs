/**
 * What electron-vite does with `?asset` and `?nodeWorker`, for vitest: an asset becomes its own
 * path, a worker is bundled once into a cache folder and started from there, so that tests run the
 * real worker thread and not a pretend one.
 */
import { mkdirSync } from 'node:fs'
import { basename, dirname, join, resolve } from 'node:path'
import { createRequire } from 'node:module'
import { build } from 'vite'

const require = createRequire(import.meta.url)
const root = resolve(import.meta.dirname, '..')

/** What electron-vite, too, gives to CommonJS libraries that end up in an ES module. */
const commonJsNames = 'const __filename = import.meta.filename, __dirname = import.meta.dirname'

function filePath(id, importer) {
  const bare = id.replace(/\?.*$/, '')
  return bare.startsWith('.') ? resolve(dirname(importer), bare) : require.resolve(bare)
}

export function electronViteAssets() {
  return {
    name: 'electron-vite-assets',
    enforce: 'pre',
    resolveId(id, importer) {
      if (!importer) return null
      if (id.endsWith('?asset')) return `${filePath(id, importer)}?asset-path`
      if (id.endsWith('?nodeWorker')) return `${filePath(id, importer)}.ts?worker-path`
      return null
    },
    async load(id) {
      if (id.endsWith('?asset-path')) {
        return `export default ${JSON.stringify(id.replace('?asset-path', ''))}`
      }
      if (id.endsWith('?worker-path')) {
        const entry = id.replace('?worker-path', '')
        const name = basename(entry, '.ts')
        const folder = join(root, 'node_modules/.cache/sheaf-workers', `${name}-${process.pid}`)
        mkdirSync(folder, { recursive: true })
        await build({
          configFile: false,
          logLevel: 'error',
          root,
          plugins: [electronViteAssets()],
          build: {
            ssr: entry,
            outDir: folder,
            emptyOutDir: true,
            minify: false,
            rolldownOptions: {
              output: { entryFileNames: `${name}.mjs`, codeSplitting: false, banner: commonJsNames }
            }
          },
          ssr: { noExternal: true, target: 'node' }
        })
        return `import { Worker } from 'node:worker_threads'
export default (options) => new Worker(${JSON.stringify(join(folder, `${name}.mjs`))}, options)`
      }
      return null
    }
  }
}
