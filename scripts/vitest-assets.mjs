/**
 * What the build does with `?asset`, `?nodeWorker` and `?child`, for vitest: an asset becomes its own
 * path, a worker or a process is bundled once into a cache folder and started from there, so that tests
 * run the real one and not a pretend one.
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
      if (id.endsWith('?child')) return `${filePath(id, importer)}.ts?child-path`
      if (id.endsWith('?nodeWorker')) return `${filePath(id, importer)}.ts?worker-path`
      return null
    },
    async load(id) {
      if (id.endsWith('?asset-path')) {
        return `export default ${JSON.stringify(id.replace('?asset-path', ''))}`
      }
      if (id.endsWith('?worker-path') || id.endsWith('?child-path')) {
        const entry = id.replace(/\?(?:worker|child)-path$/, '')
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
              // A process loads a library with the first question that needs it, as in the app.
              output: {
                entryFileNames: `${name}.mjs`,
                chunkFileNames: '[name]-[hash].mjs',
                codeSplitting: id.endsWith('?child-path'),
                banner: commonJsNames
              }
            }
          },
          ssr: { noExternal: true, target: 'node' }
        })
        const built = JSON.stringify(join(folder, `${name}.mjs`))
        if (id.endsWith('?child-path')) return `export default ${built}`
        return `import { Worker } from 'node:worker_threads'
export default (options) => new Worker(${built}, options)`
      }
      return null
    }
  }
}
