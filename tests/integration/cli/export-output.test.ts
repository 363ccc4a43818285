/** `export --output`: a file is written atomically; pipes, devices and links are kept. */
import { execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { chmod, lstat, mkdir, readFile, readdir, stat, symlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { CLI, type CliEnd } from '../../kit/run-cli'
import { makeCliWorld, type CliWorld } from './cli-world'

let world: CliWorld
beforeAll(async () => {
  world = await makeCliWorld()
})
afterAll(() => world.end())

const exported = (output: string): Promise<CliEnd> =>
  world.sheaf(['export', '--format', 'manifest-sqlite', '--output', output])
const START = 'SQLite format 3'

describe.skipIf(process.platform === 'win32')('export --output', () => {
  it('writes into a named pipe, which stays a pipe', async () => {
    const pipe = join(world.folder, 'pipe')
    execFileSync('mkfifo', [pipe])
    const reader = spawn('cat', [pipe], { stdio: ['ignore', 'pipe', 'ignore'] })
    const chunks: Buffer[] = []
    reader.stdout.on('data', (chunk: Buffer) => chunks.push(chunk))
    const read = once(reader, 'close')
    const end = await exported(pipe)
    expect((await lstat(pipe)).isFIFO()).toBe(true)
    await read
    expect(end.status).toBe(0)
    expect(Buffer.concat(chunks).toString('latin1')).toMatch(new RegExp(`^${START}`))
  })

  it('follows a link, keeps the link and the file’s permissions', async () => {
    const elsewhere = join(world.folder, 'elsewhere')
    await mkdir(elsewhere)
    const [file, link] = [join(elsewhere, 'file'), join(world.folder, 'link')]
    await writeFile(file, 'old')
    await chmod(file, 0o600)
    await symlink(file, link)
    expect((await exported(link)).status).toBe(0)
    expect((await lstat(link)).isSymbolicLink()).toBe(true)
    expect((await readFile(file, 'latin1')).startsWith(START)).toBe(true)
    expect((await stat(file)).mode & 0o777).toBe(0o600)
    expect(await readdir(elsewhere)).toEqual(['file'])
  })

  it('creates the target of a dangling link', async () => {
    const [file, link] = [join(world.folder, 'coming'), join(world.folder, 'link-to-coming')]
    await symlink(file, link)
    expect((await exported(link)).status).toBe(0)
    expect((await lstat(link)).isSymbolicLink()).toBe(true)
    expect((await readFile(file, 'latin1')).startsWith(START)).toBe(true)
  })

  it('accepts standard output by its path, as a pipe or as an open file', () => {
    const sheaf = `'${process.execPath}' '${CLI}' export --format manifest-sqlite --output /dev/stdout`
    const here = `--data-dir '${world.dataDir}' --out '${world.library}'`
    const file = join(world.folder, 'redirected')
    for (const way of ['| cat', `> '${file}'; cat '${file}'`]) {
      const output = execFileSync('sh', ['-c', `${sheaf} ${here} ${way}`], { stdio: 'pipe' })
      expect(output.toString('latin1').startsWith(START), way).toBe(true)
    }
  })

  it('a folder is refused', async () => {
    const end = await exported(world.folder)
    expect(end.status).toBe(1)
    expect(end.stderr).toMatch(/--output\) cannot be written/)
  })
})
