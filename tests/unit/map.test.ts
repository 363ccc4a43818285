/**
 * The direction of imports between modules (ARCHITECTURE.md), checked in the sources. A failure names the
 * file and the fix.
 */
import { existsSync, readFileSync, readdirSync, statSync } from 'node:fs'
import { basename, dirname, join, relative, resolve, sep } from 'node:path'
import { describe, expect, test } from 'vitest'
import { repositoryRoot } from '../kit/shared'

const main = join(repositoryRoot, 'src/main')

/** What each module may import, besides itself and `contract`. */
const MAY: Readonly<Record<string, readonly string[]>> = {
  platform: [],
  works: ['platform'],
  net: ['platform'],
  sources: ['net', 'platform'],
  library: ['platform'],
  ledger: ['platform'],
  settings: ['platform'],
  insights: ['ledger', 'platform'],
  engine: ['works', 'sources', 'library', 'ledger', 'settings', 'net', 'search', 'platform'],
  demo: ['platform'],
  search: ['platform'],
  sheaf: [
    'engine',
    'insights',
    'works',
    'sources',
    'library',
    'ledger',
    'settings',
    'net',
    'search',
    'platform'
  ],
  companion: ['sheaf', 'platform'],
  cli: [
    'companion',
    'sheaf',
    'works',
    'settings',
    'ledger',
    'net',
    'library',
    'insights',
    'platform',
    'demo'
  ],
  session: ['companion', 'sheaf', 'works', 'settings', 'insights', 'demo', 'platform'],
  ipc: ['session', 'sheaf', 'works', 'settings', 'insights', 'platform'],
  core: ['ipc', 'session', 'platform'],
  shell: ['core', 'ipc', 'session', 'sheaf', 'settings', 'platform']
}

interface Import {
  readonly file: string
  readonly from: string
  readonly to: string
}

function filesUnder(folder: string, wanted = /\.(ts|svelte)$/): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name)
    if (entry.isDirectory()) return filesUnder(path, wanted)
    return wanted.test(entry.name) ? [path] : []
  })
}

function specifiersOf(text: string): string[] {
  return [...text.matchAll(/(?:from\s+|import\s*\(?\s*)['"]([^'"]+)['"]/g)].map((match) => match[1] ?? '')
}

function moduleOf(path: string): string {
  const inside = relative(main, path).split(sep)
  const first = inside[0] ?? ''
  if (first === '..') {
    const [module = ''] = relative(join(repositoryRoot, 'src'), path).split(sep)
    // `package.json` is outside src; its version is imported.
    return module === '..' ? 'package' : module
  }
  // Files that join modules count as a module of their own.
  return inside.length === 1 ? first.replace(/\.ts$/, '').replace(/^sheaf-.*/, 'sheaf') : first
}

function imports(): Import[] {
  return filesUnder(main).flatMap((file) =>
    specifiersOf(readFileSync(file, 'utf8'))
      .filter((specifier) => specifier.startsWith('.'))
      .map((specifier) => ({
        file: relative(repositoryRoot, file),
        from: moduleOf(file),
        to: moduleOf(resolve(dirname(file), specifier.replace(/\?.*$/, '')))
      }))
  )
}

/** Every source file with the source files that it imports, including type imports. */
function importGraph(): Map<string, string[]> {
  const files = filesUnder(join(repositoryRoot, 'src'))
  const known = new Set(files)
  return new Map(
    files.map((file) => [
      file,
      specifiersOf(readFileSync(file, 'utf8'))
        .filter((specifier) => specifier.startsWith('.'))
        .flatMap((specifier) => {
          const path = resolve(dirname(file), specifier.replace(/\?.*$/, ''))
          return [path, `${path}.ts`, join(path, 'index.ts')].find((one) => known.has(one)) ?? []
        })
    ])
  )
}

/** The strongly connected components with more than one file (Tarjan, SIAM J. Comput. 1972), names sorted. */
function cyclesOf(graph: ReadonlyMap<string, readonly string[]>): string[][] {
  const order = new Map<string, number>()
  const lowest = new Map<string, number>()
  const path: string[] = []
  const found: string[][] = []
  const visit = (node: string): void => {
    order.set(node, order.size)
    lowest.set(node, order.get(node)!)
    path.push(node)
    for (const next of graph.get(node) ?? []) {
      if (!order.has(next)) visit(next)
      if (path.includes(next)) lowest.set(node, Math.min(lowest.get(node)!, lowest.get(next)!))
    }
    if (lowest.get(node) !== order.get(node)) return
    const part = path.splice(path.indexOf(node))
    if (part.length > 1)
      found.push(part.map((file) => relative(repositoryRoot, resolve(repositoryRoot, file))).sort())
  }
  for (const node of graph.keys()) if (!order.has(node)) visit(node)
  return found
}

/** Text files of the repository in which a comment may name a document. */
function textFiles(): string[] {
  return ['src', 'tests'].flatMap((folder) => filesUnder(join(repositoryRoot, folder)))
}

describe('references in comments', () => {
  const design = readFileSync(join(repositoryRoot, 'docs/design.md'), 'utf8')
  const sections = new Set([...design.matchAll(/^## (\d+)\./gm)].map((match) => match[1]))
  const promises = new Set([...design.matchAll(/^- \*\*(G\d+)/gm)].map((match) => match[1]))

  test('refer to sections and promises that docs/design.md has', () => {
    expect(sections.size).toBe(12)
    expect(promises.size).toBe(12)
    const lost = textFiles().flatMap((file) =>
      [...readFileSync(file, 'utf8').matchAll(/docs\/design\.md(?: §(\d+)|, (G\d+))/g)]
        .filter(([, section, promise]) => !sections.has(section) && !promises.has(promise))
        .map(([reference]) => `${relative(repositoryRoot, file)}: ${reference}`)
    )
    expect(lost).toEqual([])
  })

  test('name no document outside the repository', () => {
    const foreign = textFiles()
      .filter((file) => !file.endsWith('map.test.ts'))
      .filter((file) =>
        /\b(?:DESIGN|HOUSE|FEATURES)(?: |§)|\b(?:UI|CLI)\.md\b/.test(readFileSync(file, 'utf8'))
      )
      .map((file) => relative(repositoryRoot, file))
    expect(foreign).toEqual([])
  })
})

describe('modules', () => {
  test('import only what the table allows', () => {
    const crossed = imports()
      .filter(
        ({ from, to }) =>
          to !== from && !['contract', 'package'].includes(to) && from in MAY && !MAY[from]!.includes(to)
      )
      .map(({ file, from, to }) => `${from} may not import ${to} (${file}): let an op join them`)
    expect(crossed).toEqual([])
  })

  test('are all in the table above', () => {
    const entries = new Set(['index', 'cli', 'sheaf', 'core'])
    const missing = readdirSync(main, { withFileTypes: true })
      .map((entry) => moduleOf(join(main, entry.name)))
      .filter((module) => !(module in MAY) && !entries.has(module))
    expect(missing).toEqual([])
  })

  test('have no import cycles between files', () => {
    expect(cyclesOf(importGraph())).toEqual([])
    const small = new Map([
      ['a', ['b']],
      ['b', ['c']],
      ['c', ['a', 'd']],
      ['d', []]
    ])
    expect(cyclesOf(small)).toEqual([['a', 'b', 'c']])
  })

  test('only net uses axios, only the shell uses electron', () => {
    const foreign = filesUnder(main).flatMap((file) => {
      const module = moduleOf(file)
      return specifiersOf(readFileSync(file, 'utf8')).flatMap((specifier) => {
        const name = relative(repositoryRoot, file)
        if (specifier === 'axios' && module !== 'net') return [`${name} imports axios; only net may`]
        if (specifier === 'electron' && module !== 'shell' && module !== 'index')
          return [`${name} imports electron`]
        return []
      })
    })
    expect(foreign).toEqual([])
  })

  test('contract imports no other module; renderer and preload import only contract', () => {
    const outside = ['contract', 'renderer', 'preload'].flatMap((module) =>
      filesUnder(join(repositoryRoot, 'src', module)).flatMap((file) =>
        specifiersOf(readFileSync(file, 'utf8'))
          .filter((specifier) => specifier.startsWith('.'))
          .map((specifier) => moduleOf(resolve(dirname(file), specifier)))
          .filter((to) => to !== module && !['contract', 'package'].includes(to))
          .map((to) => `${relative(repositoryRoot, file)} imports ${to}`)
      )
    )
    expect(outside).toEqual([])
  })

  test('components of the page know props only: no state, no screen, no request', () => {
    const components = join(repositoryRoot, 'src/renderer/components')
    const joined = filesUnder(components).flatMap((file) =>
      specifiersOf(readFileSync(file, 'utf8'))
        .filter((specifier) => /^\.\.\/(?:state|views|bridge)/.test(specifier))
        .map((specifier) => `${relative(repositoryRoot, file)} imports ${specifier}`)
    )
    expect(joined).toEqual([])
  })

  test('what is drawn asks main through a state file: no .svelte file sends a request or follows an event', () => {
    const asking = filesUnder(join(repositoryRoot, 'src/renderer'), /\.svelte$/)
      .filter((file) =>
        /import \{[^}]*\b(?:ask|listen)\b[^}]*\} from '[./]*\/bridge'/.test(readFileSync(file, 'utf8'))
      )
      .map((file) => relative(repositoryRoot, file))
    expect(asking).toEqual([])
  })

  test('the built command line loads no file that names electron', () => {
    const out = join(repositoryRoot, 'out/main')
    expect(existsSync(join(out, 'cli.js')), 'npm run build comes first').toBe(true)
    const seen = new Set<string>()
    const visit = (file: string): void => {
      if (seen.has(file) || !existsSync(file) || !statSync(file).isFile()) return
      seen.add(file)
      const text = readFileSync(file, 'utf8')
      expect(/(?:from\s*|import\s*\(?\s*|require\()["']electron["']/.test(text), file).toBe(false)
      for (const specifier of specifiersOf(text)) {
        if (specifier.startsWith('.')) visit(resolve(dirname(file), specifier))
      }
    }
    visit(join(out, 'cli.js'))
  })
})

describe('ARCHITECTURE.md', () => {
  const map = readFileSync(join(repositoryRoot, 'ARCHITECTURE.md'), 'utf8')

  test('shows every module', () => {
    const modules = readdirSync(main, { withFileTypes: true }).flatMap((entry) =>
      entry.isDirectory() ? [entry.name] : []
    )
    for (const module of modules) expect(map, `${module} is missing`).toContain(`${module}/`)
  })

  test('names only paths that exist', () => {
    const named = [...map.matchAll(/`((?:src|tests|scripts|resources)\/[\w./-]+)`/g)].map(
      (match) => match[1]!
    )
    const missing = named.filter((path) => !existsSync(join(repositoryRoot, path)))
    expect(missing).toEqual([])
    expect(named.length).toBeGreaterThan(10)
  })
})

test('documents and comments name only files that exist', () => {
  const folders = ['src', 'tests', 'scripts'].map((name) => join(repositoryRoot, name))
  const sources = folders.flatMap((folder) => filesUnder(folder, /\.(ts|svelte|mjs|css)$/))
  const existing = new Set([...sources, ...filesIn(repositoryRoot)].map((path) => basename(path)))
  const documents = [repositoryRoot, join(repositoryRoot, 'docs')].flatMap(filesIn)
  const texts = [...documents.filter((path) => path.endsWith('.md')), ...filesUnder(folders[0]!)]
  const missing = texts.flatMap((path) =>
    [...readFileSync(path, 'utf8').matchAll(/`(?:[\w./-]+\/)?([\w-]+\.(?:ts|svelte|mjs))`/g)]
      .filter(([, name]) => !existing.has(name!))
      .map(([name]) => `${relative(repositoryRoot, path)}: ${name}`)
  )
  expect(missing).toEqual([])
})

function filesIn(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) =>
    entry.isFile() ? [join(folder, entry.name)] : []
  )
}
