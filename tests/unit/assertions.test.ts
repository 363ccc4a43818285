/**
 * Type assertions (`as`, `<T>x`) in `src` are not allowed, except those listed here with a reason. Components
 * are checked in both script and markup. Data from disk, the network, another process or the page passes a
 * schema or a check instead. `as const`, `as unknown` and the type of an empty `[]` or `null` claim nothing
 * and are not counted.
 */
import { readdirSync, readFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import { parse } from 'svelte/compiler'
import ts from 'typescript'
import { describe, expect, test } from 'vitest'
import { z } from 'zod'
import { repositoryRoot } from '../kit/shared'

const FOLDERS = ['src/main', 'src/preload', 'src/contract', 'src/renderer']

/** By file: the asserted type, and why the compiler cannot know it. */
const ALLOWED: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  'src/contract/settings.ts': {
    '{ -readonly [K in SettingKey]: Settings[K] }': 'each default is in the table, under its own key'
  },
  'src/contract/tables.ts': {
    '(keyof T & string)[]': 'the one place where keys of a table of ours are typed',
    'Record<W, V>': 'the one place where a table over a list of words is made'
  },
  'src/main/search/index-thread.ts': {
    "IndexQuestions[V]['answer']": 'the answer carries the id of the question, whose verb says its type'
  },
  'src/main/settings/allowed-values.ts': {
    JsonSchema: 'made by the schema library from a schema of ours; fields that are not there are absent'
  },
  'src/main/settings/problems.ts': {
    'string | undefined': 'JSON.stringify gives undefined for a function, which its types leave out'
  },
  'src/main/works/keys.ts': {
    'readonly KeyValue[]': 'Array.isArray does not narrow a union with a readonly list',
    KeyObject: 'Array.isArray does not narrow a union with a readonly list'
  },
  'src/main/works/references.ts': {
    T: 'a copy of a value of ours, made from its own JSON'
  },
  'src/renderer/bridge.ts': {
    'Readonly<Record<string, Ask>>':
      'what preload exposes, made from the same table of requests; the page loads no schemas of answers',
    Ask: 'as above',
    'OutputOf<N>': 'as above'
  },
  'src/renderer/state/check-setting.ts': {
    'z.ZodType': 'unwrap() of the schema library answers with the bare core type'
  },
  'src/renderer/views/reader/pdf/outline.ts': {
    'Raw | null': 'pdf.js gives null for papers without an outline; its types leave that out',
    Raw: 'the types of pdf.js say any[] for the entries below'
  },
  'src/renderer/views/settings/settings-state.svelte.ts': {
    'Settings[K]':
      'main read the value under this key with its schema, or the field checked it before `change`'
  }
}

interface Assertion {
  readonly line: number
  readonly type: string
}

function assertionsIn(name: string, text: string): Assertion[] {
  return name.endsWith('.svelte') ? inComponent(text) : inModule(name, text)
}

/** Assertions in scripts and in the expressions of the markup. */
function inComponent(text: string): Assertion[] {
  const found: Assertion[] = []
  const visit = (node: unknown): void => {
    if (typeof node !== 'object' || node === null) return
    if ('type' in node && (node.type === 'TSAsExpression' || node.type === 'TSTypeAssertion')) {
      const { start, end } = z.object({ start: z.number(), end: z.number() }).parse(node)
      const before = text.slice(0, start).split('\n').length - 1
      const inside = inModule('a.ts', `(${text.slice(start, end)})`)
      found.push(...inside.map(({ line, type }) => ({ line: line + before, type })))
    } else for (const child of Object.values(node)) visit(child)
  }
  visit(parse(text, { modern: true }))
  return found
}

function inModule(name: string, text: string): Assertion[] {
  const source = ts.createSourceFile(name, text, ts.ScriptTarget.Latest, true)
  const found: Assertion[] = []
  const visit = (node: ts.Node): void => {
    if ((ts.isAsExpression(node) || ts.isTypeAssertionExpression(node)) && claims(node)) {
      const { line } = source.getLineAndCharacterOfPosition(node.getStart())
      found.push({ line: line + 1, type: node.type.getText().replace(/\s+/g, ' ') })
    }
    ts.forEachChild(node, visit)
  }
  visit(source)
  return found
}

/** Whether the assertion claims more about the value than the compiler knows. */
function claims({ expression, type }: ts.AssertionExpression): boolean {
  if (type.getText() === 'const' || type.kind === ts.SyntaxKind.UnknownKeyword) return false
  const isEmptyList = ts.isArrayLiteralExpression(expression) && expression.elements.length === 0
  return !isEmptyList && expression.kind !== ts.SyntaxKind.NullKeyword
}

function filesUnder(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name)
    if (entry.isDirectory()) return filesUnder(path)
    return /\.(ts|svelte)$/.test(path) ? [path] : []
  })
}

const all = FOLDERS.flatMap((folder) => filesUnder(join(repositoryRoot, folder))).flatMap((path) => {
  const name = relative(repositoryRoot, path).replaceAll('\\', '/')
  return assertionsIn(name, readFileSync(path, 'utf8')).map((one) => ({ name, ...one }))
})

test('no type is asserted without a reason', () => {
  const silent = all.filter(({ name, type }) => ALLOWED[name]?.[type] === undefined)
  expect(
    silent.map(({ name, line, type }) => `${name}:${String(line)}: as ${type}`),
    'check the value with a schema or a type guard, or say here why that cannot be'
  ).toEqual([])
})

test('every listed assertion still exists', () => {
  const needed = new Set(all.map(({ name, type }) => `${name}: ${type}`))
  const listed = Object.entries(ALLOWED).flatMap(([name, types]) =>
    Object.keys(types).map((type) => `${name}: ${type}`)
  )
  expect(listed.filter((one) => !needed.has(one))).toEqual([])
})

describe('the check itself', () => {
  test.each([
    ['JSON', 'const a = JSON.parse(text) as Row[]', 'Row[]'],
    ['what a thread is given', 'const { file } = workerData as Start', 'Start'],
    ['the older form', 'const a = <Row>value', 'Row'],
    ['a detour over unknown', 'const a = value as unknown as Row', 'Row'],
    ['the type of a full list', 'const a = [value] as Row[]', 'Row[]']
  ])('finds %s', (_, text, type) => {
    expect(assertionsIn('a.ts', text)).toEqual([{ line: 1, type }])
  })

  test('finds assertions in the script and in the markup of a component', () => {
    const text = '<script lang="ts">\n  const a = b as A\n</script>\n\n<p class={c as C}>{d as const}</p>\n'
    expect(assertionsIn('A.svelte', text)).toEqual([
      { line: 5, type: 'C' },
      { line: 2, type: 'A' }
    ])
  })

  test.each(["['a'] as const", 'JSON.parse(text) as unknown', '[] as string[]', 'null as Row | null'])(
    'lets %s pass',
    (text) => {
      expect(assertionsIn('a.ts', `const a = ${text}`)).toEqual([])
    }
  )
})
