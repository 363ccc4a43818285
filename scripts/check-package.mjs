/**
 * Is a package whole, and nothing else in it? `node scripts/check-package.mjs <app.asar>`; also asked by
 * electron-builder of every package it makes. It looks into the archive itself: every file that one of
 * its files names is there, no module comes from elsewhere, and the list is the one that was built.
 */
import { extractFile, listPackage, statFile } from '@electron/asar'
import { isBuiltin } from 'node:module'
import { dirname, join, posix, resolve, sep } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseAst } from 'vite'
import { packageFiles } from './package-files.mjs'

/** Modules that Electron itself provides. */
const OF_ELECTRON = new Set(['electron', 'original-fs'])
/** pdf.js would draw with it under Node; main never draws, and pdf.js does without. */
const DONE_WITHOUT = new Set(['@napi-rs/canvas'])
const STRANGERS = /(^|\/)(node_modules|src|tests?|\.git|\.env)(\/|$)|\.(ts|svelte|map|md)$|(^|\/)cli\.js$/
/** What the app cannot work without and no import names. */
const NEEDED = [
  ['the preload', /^out\/preload\/index\.cjs$/],
  ['the page', /^out\/renderer\/index\.html$/],
  ['SQLite', /^out\/main\/chunks\/sql-wasm-.*\.wasm$/],
  ['PDFium', /^out\/main\/chunks\/pdfium-.*\.wasm$/],
  ['the licence of PDFium', /^out\/renderer\/pdfium\/LICENSE\.pdfium$/],
  ['the process that reads files', /^out\/main\/chunks\/reader-child-.*\.js$/],
  ['the process that reads pages', /^out\/main\/chunks\/page-child-.*\.js$/],
  ['the reader of PDFs in main', /^out\/main\/chunks\/read-pdf-.*\.js$/],
  ['the writer of snapshots', /^out\/main\/chunks\/snapshot-worker-.*\.js$/],
  ['the worker of the reader', /^out\/renderer\/.*pdf\.worker.*\.m?js$/],
  ['character maps for the reader', /^out\/renderer\/.*\.bcmap$/],
  ['fonts for the reader', /^out\/renderer\/.*\.pfb$/],
  ['a picture for the tray', /^out\/main\/chunks\/colour-.*\.png$/]
]

/** `out` is where the app was built. Problems are sentences; none means that all is well. */
export function checkPackage(archive, out) {
  const entries = listPackage(archive, { isPack: false })
    .map((path) => path.split(sep).join('/').replace(/^\//, ''))
    .filter((path) => !('files' in statFile(archive, native(path), false)))
  const there = new Set(entries)
  const read = (path) => extractFile(archive, native(path)).toString('utf8')
  const problems = [
    ...different(there, new Set(['package.json', ...packageFiles(out).map((file) => `out/${file}`)])),
    ...entries.filter((path) => STRANGERS.test(path)).map((path) => `${path} does not belong into a package`),
    ...NEEDED.filter(([, pattern]) => !entries.some((path) => pattern.test(path))).map(
      ([what]) => `${what} is missing`
    ),
    ...mainIsThere(read, there),
    ...entries
      .filter((path) => /\.(m?js|cjs|html|css)$/.test(path))
      .flatMap((path) => missingFrom(path, read(path), there))
  ]
  const bytes = entries.reduce((sum, path) => sum + statFile(archive, native(path), false).size, 0)
  return { files: entries.length, bytes, problems }
}

function different(there, expected) {
  return [
    ...[...expected]
      .filter((path) => !there.has(path))
      .map((path) => `${path} was built and is not in the package`),
    ...[...there]
      .filter((path) => !expected.has(path))
      .map((path) => `${path} is in the package and nobody needs it`)
  ]
}

function mainIsThere(read, there) {
  if (!there.has('package.json')) return []
  const { main, dependencies } = JSON.parse(read('package.json'))
  return [
    ...(typeof main === 'string' && there.has(posix.normalize(main))
      ? []
      : ['package.json does not lead to the app']),
    ...Object.keys(dependencies ?? {}).map((name) => `package.json asks for ${name}, which is not packaged`)
  ]
}

/** Modules and files that a built file names and that are not there. */
export function missingFrom(path, text, there) {
  const { modules, files } = named(path, text)
  const isThere = (name) => there.has(posix.join(posix.dirname(path), name))
  const missing = []
  for (const name of new Set(modules)) {
    if (name.startsWith('node:') || isBuiltin(name) || OF_ELECTRON.has(name) || DONE_WITHOUT.has(name))
      continue
    if (!name.startsWith('.')) missing.push(`${path} wants the module ${name}, and no module is packaged`)
    else if (!isThere(name)) missing.push(`${path} needs ${name}, which is missing`)
  }
  for (const name of new Set(files)) {
    if (!isThere(name)) missing.push(`${path} names ${name}, which is missing`)
  }
  return missing
}

function named(path, text) {
  if (path.endsWith('.html')) return { modules: [], files: found(text, /(?:src|href)="(\.\/[^"?#]+)"/g) }
  if (path.endsWith('.css'))
    return { modules: [], files: found(text, /url\(["']?(?!data:|#|%23)([^"')?#]+)/g) }
  return namedInCode(parseAst(text), !path.startsWith('out/renderer/'))
}

function found(text, pattern) {
  return [...text.matchAll(pattern)].map((match) => match[1])
}

/** Names that stand in code as they are; one that is put together while running is no name. */
function namedInCode(tree, requires) {
  const modules = []
  const files = []
  const take = (list, node) => {
    if (node?.type === 'Literal' && typeof node.value === 'string') list.push(node.value)
  }
  const visit = (node) => {
    if (Array.isArray(node)) node.forEach(visit)
    if (node === null || typeof node !== 'object' || typeof node.type !== 'string') return
    const { type } = node
    if (/^(Import|Export\w+)(Declaration|Expression)$/.test(type)) take(modules, node.source)
    if (type === 'CallExpression' && requires && /^(__)?require(\$\d+)?$/.test(node.callee.name ?? ''))
      take(modules, node.arguments[0])
    if (type === 'CallExpression' && isMeta(node.arguments[0], 'dirname')) take(files, node.arguments[1])
    if (type === 'NewExpression' && node.callee.name === 'URL' && isMeta(node.arguments[1], 'url'))
      take(files, node.arguments[0])
    for (const key in node) if (key !== 'type') visit(node[key])
  }
  visit(tree.body)
  return { modules, files: files.filter((name) => /\.\w+$/.test(name) && !/^\w+:/.test(name)) }
}

function isMeta(node, property) {
  return (
    node?.type === 'MemberExpression' &&
    node.object.type === 'MetaProperty' &&
    node.property.name === property
  )
}

function native(path) {
  return path.split('/').join(sep)
}

if (process.argv[1] !== undefined && resolve(process.argv[1]) === fileURLToPath(import.meta.url)) {
  const [archive, out = join(dirname(import.meta.dirname), 'out')] = process.argv.slice(2)
  if (archive === undefined) {
    process.stderr.write('Say which package: node scripts/check-package.mjs <app.asar> [built files]\n')
    process.exit(2)
  }
  const { files, bytes, problems } = checkPackage(resolve(archive), resolve(out))
  for (const problem of problems) process.stderr.write(`${problem}\n`)
  process.stdout.write(`${files} files, ${(bytes / 1e6).toFixed(1)} MB, ${problems.length} problems\n`)
  process.exitCode = problems.length === 0 ? 0 : 1
}
