/**
 * `docs/errors.md` and `docs/settings.md`, made from the contract: `npm run docs` writes them. A unit
 * test compares the files with what these functions return.
 */
import { writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import { format, resolveConfig } from 'prettier'
import { z } from 'zod'
import { ERRORS, FAMILIES, type Family } from '../src/contract/errors'
import { SETTINGS } from '../src/contract/settings'

const root = resolve(import.meta.dirname, '..')

const CONSEQUENCE: Readonly<Record<Family, string>> = {
  RetryLater: 'The same step is tried again later, automatically.',
  TryNext: 'This copy is rejected and the next one is tried.',
  GiveUp: 'The paper fails with this reason; it can be retried.',
  Pause: 'Sheaf waits until the cause is gone, then continues.',
  Refuse: 'This one request is refused; everything else goes on.',
  Stop: 'The process ends.'
}

const cell = (text: string): string => text.replaceAll('|', '\\|').replaceAll('\n', ' ')
const row = (...cells: readonly string[]): string => `| ${cells.map(cell).join(' | ')} |`

/** Every error code by family: what it means and what the user can do. */
function errorsPage(): string {
  const families = FAMILIES.map((family) => {
    const rows = Object.entries(ERRORS)
      .filter(([, entry]) => entry.family === family)
      .map(([code, { sentence, hint }]) => row(`\`${code}\``, sentence, hint))
    return [
      `## ${family}`,
      '',
      CONSEQUENCE[family],
      '',
      row('code', 'meaning', 'what you can do'),
      row('---', '---', '---'),
      ...rows
    ].join('\n')
  })
  return [
    '# Errors',
    '',
    'Made from `src/contract/error-table.ts` by `npm run docs`. Codes are stable; they stand in JSON output, in the ledger and in reports.',
    '',
    ...families.flatMap((text) => [text, ''])
  ].join('\n')
}

/** The range of one setting, as far as its schema states it in a few words. */
function allowed(schema: z.ZodType): string {
  const json = z.toJSONSchema(schema, { unrepresentable: 'any', io: 'input' })
  if (Array.isArray(json.enum)) return json.enum.map(String).join(', ')
  const parts: string[] = []
  if (typeof json.type === 'string') parts.push(json.type)
  if (json.minimum !== undefined) parts.push(`from ${json.minimum}`)
  if (json.maximum !== undefined && json.maximum < Number.MAX_SAFE_INTEGER) parts.push(`to ${json.maximum}`)
  return parts.join(' ')
}

/** Every setting: key, default, unit, range and meaning. */
function settingsPage(): string {
  const rows = Object.entries(SETTINGS).map(([key, entry]) => {
    const initial = JSON.stringify(entry.default)
    const shown = initial.length > 60 ? 'see below' : `\`${initial}\``
    return row(`\`${key}\``, shown, entry.unit ?? '', allowed(entry.schema), entry.about)
  })
  const long = Object.entries(SETTINGS)
    .filter(([, entry]) => JSON.stringify(entry.default).length > 60)
    .flatMap(([key, entry]) => [
      `## Default of \`${key}\``,
      '',
      '```json',
      JSON.stringify(entry.default, null, 2),
      '```',
      ''
    ])
  return [
    '# Settings',
    '',
    'Made from `src/contract/settings.ts` by `npm run docs`. `sheaf settings get` prints the values in force and where each comes from; an option of the command line overrides the environment, the environment the settings file, the file the default.',
    '',
    row('key', 'default', 'unit', 'allowed', 'meaning'),
    row('---', '---', '---', '---', '---'),
    ...rows,
    '',
    ...long
  ].join('\n')
}

/** The pages by their path in the repository, formatted as the repository is. */
export async function contractPages(): Promise<ReadonlyMap<string, string>> {
  const pages = new Map<string, string>()
  for (const [name, text] of [
    ['docs/errors.md', errorsPage()],
    ['docs/settings.md', settingsPage()]
  ] as const) {
    const path = join(root, name)
    pages.set(name, await format(text, { ...(await resolveConfig(path)), filepath: path }))
  }
  return pages
}

if (process.argv[1] !== undefined && pathToFileURL(process.argv[1]).href.endsWith('/contract-docs.ts')) {
  for (const [name, text] of await contractPages()) writeFileSync(join(root, name), text)
}
