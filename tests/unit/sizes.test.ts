/**
 * Sizes in `src/main`: no function over 80 lines, none over fifteen branches (an `if`, `?:`, loop, `case` or
 * `catch` each), none over twenty branches and conditions (`&&`, `||` and `??` as well), no interface over 15 members, unless a comment `Size: <reason>` stands right above it.
 */
import { readdirSync, readFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import ts from 'typescript'
import { describe, expect, test } from 'vitest'
import { repositoryRoot } from '../kit/shared'

const MOST = { lines: 80, branches: 15, decisions: 20, members: 15 }
const REASON = /Size: \S.{19,}/

const BRANCHES: ReadonlySet<ts.SyntaxKind> = new Set([
  ts.SyntaxKind.IfStatement,
  ts.SyntaxKind.ConditionalExpression,
  ts.SyntaxKind.ForStatement,
  ts.SyntaxKind.ForOfStatement,
  ts.SyntaxKind.ForInStatement,
  ts.SyntaxKind.WhileStatement,
  ts.SyntaxKind.DoStatement,
  ts.SyntaxKind.CaseClause,
  ts.SyntaxKind.CatchClause
])

/** Operators that branch; each is one token. */
const CONDITIONS: ReadonlySet<ts.SyntaxKind> = new Set([
  ts.SyntaxKind.AmpersandAmpersandToken,
  ts.SyntaxKind.BarBarToken,
  ts.SyntaxKind.QuestionQuestionToken
])

/** How many of these are in the function itself; a nested function counts its own. */
function countIn(node: ts.Node, kinds: ReadonlySet<ts.SyntaxKind>): number {
  let found = 0
  ts.forEachChild(node, (child) => {
    if (ts.isFunctionLike(child)) return
    found += countIn(child, kinds) + (kinds.has(child.kind) ? 1 : 0)
  })
  return found
}

interface Large {
  readonly name: string
  readonly what: string
  readonly hasReason: boolean
}

function largeIn(name: string, text: string): Large[] {
  const source = ts.createSourceFile(name, text, ts.ScriptTarget.Latest, true)
  const lineOf = (position: number): number => source.getLineAndCharacterOfPosition(position).line
  const found: Large[] = []
  const note = (node: ts.Node, what: string): void => {
    const above = (ts.getLeadingCommentRanges(text, node.getFullStart()) ?? []).map(({ pos, end }) =>
      text.slice(pos, end)
    )
    found.push({
      name: `${name}:${String(lineOf(node.getStart()) + 1)}`,
      what,
      hasReason: above.some((comment) => REASON.test(comment))
    })
  }
  const visit = (node: ts.Node): void => {
    if (ts.isInterfaceDeclaration(node) && node.members.length > MOST.members)
      note(node, `interface ${node.name.text} has ${String(node.members.length)} members`)
    if (ts.isFunctionLike(node) && 'body' in node && node.body !== undefined) {
      const lines = lineOf(node.end) - lineOf(node.getStart()) + 1
      if (lines > MOST.lines) note(node, `a function has ${String(lines)} lines`)
      const branches = countIn(node, BRANCHES)
      const decisions = branches + countIn(node, CONDITIONS)
      if (branches > MOST.branches) note(node, `a function has ${String(branches)} branches`)
      else if (decisions > MOST.decisions)
        note(node, `a function has ${String(decisions)} branches and conditions`)
    }
    ts.forEachChild(node, visit)
  }
  visit(source)
  return found
}

function filesUnder(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name)
    if (entry.isDirectory()) return filesUnder(path)
    return path.endsWith('.ts') ? [path] : []
  })
}

test('large functions and interfaces in src/main have a reason', () => {
  const silent = filesUnder(join(repositoryRoot, 'src/main'))
    .flatMap((path) => largeIn(relative(repositoryRoot, path), readFileSync(path, 'utf8')))
    .filter(({ hasReason }) => !hasReason)
    .map(({ name, what }) => `${name}: ${what}`)
  expect(silent, 'split it, or write `Size: <reason>` above it').toEqual([])
})

describe('the check itself', () => {
  const long = `function f() {\n${'  g()\n'.repeat(80)}}\n`
  const branched = `function f() {\n${'  if (a) g()\n'.repeat(16)}}\n`
  const conditional = `function f() {\n  return ${'a && b || (c ?? '.repeat(7)}d${')'.repeat(7)}\n}\n`
  const wide = `interface A {\n${Array.from({ length: 16 }, (_, n) => `  m${String(n)}: 1\n`).join('')}}\n`

  test.each([
    ['lines', long],
    ['branches', branched],
    ['conditions', conditional],
    ['members', wide]
  ])('finds too many %s, and accepts a reason above them', (_, text) => {
    expect(largeIn('a.ts', text)).toMatchObject([{ hasReason: false }])
    expect(
      largeIn('a.ts', `/** What it is. Size: one line for each of the states. */\n${text}`)
    ).toMatchObject([{ hasReason: true }])
  })

  test('a nested function counts for itself', () => {
    const inner = `const f = () => {\n  const g = () => {\n${'    if (a) h()\n'.repeat(15)}  }\n  if (b) g()\n}\n`
    expect(largeIn('a.ts', inner)).toEqual([])
  })
})
