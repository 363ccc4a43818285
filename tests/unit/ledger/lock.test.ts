/** The ledger's lock has one owner: who may take it over, and what a second process is told. */
import { existsSync, readdirSync, readFileSync, utimesSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { takeLock } from '../../../src/main/ledger/lock'
import { nodeFiles } from '../../../src/main/platform/node-files'
import { systemError } from './faulty-disk'
import { makeWorld, type World } from './ledger-world'

let world: World
beforeEach(() => {
  world = makeWorld()
})
afterEach(async () => {
  await world.end()
})
const path = (): string => join(world.folder, 'lock')

test('the lock file names its owner, and is removed on release', async () => {
  const lock = await takeLock(world.host({ pid: 11 }), world.folder)
  expect(JSON.parse(readFileSync(path(), 'utf8'))).toMatchObject({ pid: 11, hostname: 'here' })
  await lock.release()
  expect(readdirSync(world.folder)).toEqual([])
})

test('a second process is told the living owner', async () => {
  await takeLock(world.host({ pid: 11 }), world.folder)
  await expect(takeLock(world.host({ pid: 12 }), world.folder)).rejects.toMatchObject({
    code: 'LEDGER_IN_USE',
    message: expect.stringMatching(/in use by pid 11 since 20\d\d-/) as string
  })
})

test.each([
  ['app', /since [^ ]+: the Sheaf app is open\.$/, /^Close the Sheaf app \(pid 11\), /],
  [
    'command',
    /: a command of Sheaf is running\.$/,
    /^Wait for the command to end, or stop it with Ctrl-C \(pid 11\), /
  ],
  [undefined, /since 20[^ ]+Z\.$/, /^Close the Sheaf app or command \(pid 11\), /]
] as const)(
  'the refusal names the program that holds it (%s) and what to do',
  async (program, message, hint) => {
    await takeLock(world.host({ pid: 11, ...(program === undefined ? {} : { program }) }), world.folder)
    await expect(takeLock(world.host({ pid: 12, program: 'command' }), world.folder)).rejects.toMatchObject({
      message: expect.stringMatching(message) as string,
      hint: expect.stringMatching(hint) as string
    })
  }
)

test.each([
  ['the app with the single-instance lock takes it over', {}, {}, true],
  ['not when a command holds it', { program: 'command' }, {}, false],
  ['not when the start time shows the same process', {}, { startOf: 1 }, false],
  ['not by a command', {}, { program: 'command', isOnlyApp: false }, false]
] as const)('the pid of a dead app was reused by another process: %s', async (_, holder, me, isTaken) => {
  await takeLock(world.host({ pid: 11, program: 'app', ...holder }), world.folder)
  const lock = takeLock(world.host({ pid: 12, program: 'app', isOnlyApp: true, ...me }), world.folder)
  if (isTaken) expect((await lock).tookOverFrom).toMatchObject({ pid: 11 })
  else await expect(lock).rejects.toMatchObject({ code: 'LEDGER_IN_USE' })
})

test('an owner on another computer never counts as dead', async () => {
  await takeLock(world.host({ pid: 11, hostname: 'elsewhere' }), world.folder)
  world.alive.delete(11)
  await expect(takeLock(world.host({ pid: 12 }), world.folder)).rejects.toMatchObject({
    code: 'LEDGER_IN_USE',
    message: expect.stringContaining('elsewhere') as string,
    hint: expect.stringContaining(path()) as string
  })
})

test('a dead owner is replaced and reported', async () => {
  await takeLock(world.host({ pid: 11 }), world.folder)
  world.alive.delete(11)
  const lock = await takeLock(world.host({ pid: 12 }), world.folder)
  expect(lock.tookOverFrom).toMatchObject({ pid: 11, hostname: 'here' })
  await lock.release()
  expect(readdirSync(world.folder)).toEqual([])
})

test('a lock that another process took over is not removed', async () => {
  const lock = await takeLock(world.host({ pid: 11 }), world.folder)
  writeFileSync(path(), '{"pid": 12}')
  await lock.release()
  expect(existsSync(path())).toBe(true)
})

test('an old lock without an owner is taken over; a recent one may still be in creation', async () => {
  writeFileSync(path(), '')
  await expect(takeLock(world.host(), world.folder)).rejects.toMatchObject({ code: 'LEDGER_IN_USE' })
  utimesSync(path(), new Date(0), new Date(0))
  const lock = await takeLock(world.host(), world.folder)
  expect(lock.tookOverNameless).toBe(true)
})

test('of several processes that find a dead owner at the same time, one takes over', async () => {
  for (let round = 0; round < 15; round += 1) {
    await takeLock(world.host({ pid: 1 }), world.folder)
    world.alive.delete(1)
    const pids = [21, 22, 23, 24, 25, 26]
    const answers = await Promise.allSettled(pids.map((pid) => takeLock(world.host({ pid }), world.folder)))
    const won = answers.filter((answer) => answer.status === 'fulfilled')
    expect(won).toHaveLength(1)
    for (const { value } of won) await value.release()
    expect(readdirSync(world.folder)).toEqual([])
  }
})

test('a process that died during a takeover is taken over itself', async () => {
  await takeLock(world.host({ pid: 1 }), world.folder)
  world.alive.delete(1)
  // Pid 2 writes its claim and dies before it replaces the lock.
  const never = new Promise<never>(() => undefined)
  const files = { ...nodeFiles }
  const half = world.host({
    pid: 2,
    files: {
      ...files,
      writeWhole: (target, bytes) => (target === path() ? never : files.writeWhole(target, bytes))
    }
  })
  void takeLock(half, world.folder)
  // The claim itself, not the temporary file that becomes it.
  while (!readdirSync(world.folder).some((name) => /^lock-claim-[^.]+$/.test(name))) {
    await new Promise((resolve) => setTimeout(resolve, 1))
  }
  await expect(takeLock(world.host({ pid: 3 }), world.folder)).rejects.toMatchObject({
    code: 'LEDGER_IN_USE'
  })
  world.alive.delete(2)
  const lock = await takeLock(world.host({ pid: 3 }), world.folder)
  expect(lock.tookOverFrom?.pid).toBe(1)
  await lock.release()
  expect(readdirSync(world.folder).filter((name) => !name.endsWith('.tmp'))).toEqual([])
})

test('the lock works on file systems without hard links', async () => {
  const files = { ...nodeFiles, link: () => Promise.reject(systemError('EPERM')) }
  const lock = await takeLock(world.host({ pid: 1, files }), world.folder)
  await expect(takeLock(world.host({ pid: 2, files }), world.folder)).rejects.toMatchObject({
    code: 'LEDGER_IN_USE'
  })
  await lock.release()
})

describe('a folder that cannot be written', () => {
  const check = (system: string, code: string): void => {
    test(`${system} is ${code}`, async () => {
      const files = { ...nodeFiles, writeWhole: () => Promise.reject(systemError(system)) }
      await expect(takeLock(world.host({ files }), world.folder)).rejects.toMatchObject({
        code,
        message: expect.stringContaining(world.folder) as string
      })
    })
  }
  check('EACCES', 'FOLDER_UNUSABLE')
  check('EROFS', 'DISK_READ_ONLY')
  check('ENOSPC', 'DISK_FULL')
})
