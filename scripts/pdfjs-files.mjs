/**
 * The files that pdf.js fetches while it reads: character maps, the standard fonts, colour profiles and
 * decoders. They stand beside the built page under `pdfjs/`, and in development come straight from the
 * package. Licences go with what they cover; those of PDFium, which only main uses, stand here, too.
 */
import { createReadStream, existsSync, readdirSync, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { basename, dirname, join } from 'node:path'

const require = createRequire(import.meta.url)
const FOLDERS = ['cmaps', 'standard_fonts', 'iccs', 'wasm']

export function pdfjsFiles() {
  const root = dirname(require.resolve('pdfjs-dist/package.json'))
  const pdfium = dirname(dirname(require.resolve('@embedpdf/pdfium')))
  return {
    name: 'pdfjs-files',
    generateBundle() {
      for (const folder of FOLDERS) {
        for (const name of readdirSync(join(root, folder))) {
          const source = readFileSync(join(root, folder, name))
          this.emitFile({ type: 'asset', fileName: `pdfjs/${folder}/${name}`, source })
        }
      }
      for (const name of ['LICENSE', 'LICENSE.pdfium'])
        this.emitFile({ type: 'asset', fileName: `pdfium/${name}`, source: readFileSync(join(pdfium, name)) })
    },
    configureServer(server) {
      server.middlewares.use('/pdfjs', (request, response, next) => {
        const [, folder = '', name = ''] = (request.url ?? '').split(/[/?]/)
        const file = join(root, folder, basename(name))
        if (!FOLDERS.includes(folder) || !existsSync(file)) return next()
        if (name.endsWith('.wasm')) response.setHeader('Content-Type', 'application/wasm')
        if (name.endsWith('.js')) response.setHeader('Content-Type', 'text/javascript')
        createReadStream(file).pipe(response)
      })
    }
  }
}
