/**
 * What belongs into the package: exactly the built files that the app reaches. The command line is built
 * beside it and shares pieces with it; it stays out, since a packaged Sheaf cannot be run as plain Node
 * (its fuse is off) and whoever has Node has the command line by other means.
 */
import { existsSync, readFileSync, readdirSync } from 'node:fs'
import { basename, join, relative, sep } from 'node:path'

const TEXT = /\.(js|cjs|mjs|html|css)$/

/** Every file under `folder`, relative to it, with `/` between its parts. */
export function filesUnder(folder) {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)).split(sep).join('/'))
    .sort()
}

/** Relative to `out`: what main's entry reaches, the preload, and the whole built page. */
export function packageFiles(out) {
  if (!existsSync(join(out, 'main/index.js')))
    throw new Error(`${out} is not built: npm run build comes first.`)
  const built = filesUnder(out)
  const reached = new Set(['main/index.js'])
  const waiting = ['main/index.js']
  const pieces = built.filter(
    (file) => file.startsWith('main/') && file !== 'main/index.js' && file !== 'main/cli.js'
  )
  for (let file = waiting.pop(); file !== undefined; file = waiting.pop()) {
    if (!TEXT.test(file)) continue
    const text = readFileSync(join(out, file), 'utf8')
    for (const piece of pieces) {
      // Built names end in a hash of their content: a name that stands somewhere means that very file.
      if (reached.has(piece) || !text.includes(basename(piece))) continue
      reached.add(piece)
      waiting.push(piece)
    }
  }
  const rest = built.filter((file) => file.startsWith('preload/') || file.startsWith('renderer/'))
  return [...reached, ...rest].filter((file) => !file.endsWith('.map')).sort()
}
