/**
 * `import path from './x?child'`: the module is built as an entry of its own, and the import gives the
 * absolute path of what was built, for a process that is started with it.
 */
import { dirname, relative } from 'node:path'

const MARK = /__CHILD_MODULE_([\w$-]+)__/g

export function childModule() {
  return {
    name: 'child-module',
    apply: 'build',
    enforce: 'pre',
    resolveId(id, importer) {
      if (!id.endsWith('?child') || !importer) return null
      return this.resolve(id.replace(/\?child$/, ''), importer).then((found) => found && `${found.id}?child`)
    },
    load(id) {
      if (!id.endsWith('?child')) return null
      const mark = this.emitFile({ type: 'chunk', id: id.replace(/\?child$/, '') })
      return `import { fileURLToPath } from 'node:url'
export default fileURLToPath(new URL("__CHILD_MODULE_${mark}__", import.meta.url))`
    },
    renderChunk(code, chunk) {
      if (!code.includes('__CHILD_MODULE_')) return null
      const from = dirname(chunk.fileName)
      return {
        code: code.replace(MARK, (_, mark) => {
          const path = relative(from, this.getFileName(mark)).replaceAll('\\', '/')
          return path.startsWith('.') ? path : `./${path}`
        }),
        map: null
      }
    }
  }
}
