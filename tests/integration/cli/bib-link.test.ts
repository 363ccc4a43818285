/**
 * `sheaf bib link` on a real file: it writes the links and changes no other byte; invalid requests are
 * refused.
 */
import { chmod, lstat, readFile, stat, symlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { SAMPLE_WORKS } from '../../../src/main/demo/sample-works'
import { makeCliWorld, type CliWorld } from './cli-world'

const doiOf = (key: string): string => SAMPLE_WORKS.find((work) => work.key === key)!.doi

let world: CliWorld
beforeAll(async () => {
  world = await makeCliWorld()
  const end = await world.sheaf(['run', '--doi', doiOf('hedgerows'), '--enable-idempotency', '--quiet'])
  expect(end.status).toBe(0)
}, 180_000)
afterAll(() => world.end())

test('a Latin-1 file with CRLF behind a symlink gets one link, once, and is otherwise unchanged', async () => {
  const real = join(world.folder, 'real.bib')
  const link = join(world.folder, 'my.bib')
  const before = Buffer.from(
    `% Encoding: ISO-8859-1\r\n@Article{Hedge,\r\n  author = {M\xfcller},\r\n  doi    = {${doiOf('hedgerows')}},\r\n}\r\n@misc{other, doi = {10.5555/not.here}}\r\n`,
    'latin1'
  )
  await writeFile(real, before)
  await chmod(real, 0o640)
  await symlink('real.bib', link)
  const dry = await world.sheaf(['bib', 'link', link, '--dry-run'])
  expect(dry.status).toBe(0)
  expect(dry.stdout).toMatch(/^\+ {2}file {3}= \{:library\/.*:PDF\},$/m)
  expect(await readFile(real)).toEqual(before)
  const end = await world.sheaf(['bib', 'link', link, '--json'])
  expect(end.status).toBe(0)
  expect(end.lines).toMatchObject([
    { type: 'linked', key: 'Hedge', work_id: `doi:${doiOf('hedgerows')}` },
    { type: 'summary', linked: 1, existing: 0, not_here: 1 }
  ])
  const after = await readFile(real)
  const { path } = end.lines[0] as unknown as { path: string }
  const added = `\r\n  file   = {:${path}:PDF},`
  expect(after.toString('latin1').replace(added, '')).toBe(before.toString('latin1'))
  expect((await stat(join(world.folder, path))).size).toBeGreaterThan(0)
  expect((await lstat(link)).isSymbolicLink()).toBe(true)
  expect((await stat(real)).mode & 0o777).toBe(0o640)
  const again = await world.sheaf(['bib', 'link', link, '--json'])
  expect(again.lines).toMatchObject([{ type: 'summary', linked: 0, existing: 1 }])
  expect(await readFile(real)).toEqual(after)
}, 180_000)

test('a file that declares UTF-8 gets the readable name', async () => {
  const file = join(world.folder, 'utf8.bib')
  await writeFile(file, `\ufeff% Encoding: UTF-8\n@a{x, author={Müller}, doi={${doiOf('hedgerows')}}}`)
  expect((await world.sheaf(['bib', 'link', file])).status).toBe(0)
  const after = await readFile(file, 'utf8')
  expect(after).toMatch(
    /^\ufeff% Encoding: UTF-8\n@a\{x, author=\{Müller\}, doi=\{[^}]+\}, file=\{:library\/papers\/.*–.*\.pdf:PDF\}\}$/u
  )
}, 60_000)

test('other folders, other link styles, and refusals', async () => {
  const file = join(world.folder, 'bbt.bib')
  await writeFile(file, `@a{x, doi={${doiOf('hedgerows')}}}`)
  const end = await world.sheaf(['bib', 'link', file, '--style', 'bbt', '--relative-to', world.library])
  expect(end.status).toBe(0)
  expect(await readFile(file, 'utf8')).toMatch(/, file=\{(?!library)[^:]+\.pdf\}\}$/)
  const style = await world.sheaf(['bib', 'link', file, '--style', 'mendeley'])
  expect(style.status).toBe(2)
  expect(style.stderr).toContain('jabref, bbt')
  expect((await world.sheaf(['bib', 'link', join(world.folder, 'none.bib')])).status).toBe(2)
}, 180_000)
