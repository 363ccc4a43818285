/** Which processes are alive: a lock is taken over from dead owners only. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { describe, expect, onTestFinished, test } from 'vitest'
import { makeLog } from '../../../src/main/platform/log'
import { nodeHost } from '../../../src/main/platform/node-host'
import { askSystem, startQuestion } from '../../../src/main/platform/process-start'
import { waitFor } from '../../kit/wait-for'

const { identity } = nodeHost(
  makeLog(
    () => undefined,
    'error',
    () => 0
  )
)

test('this process is alive, with its own start time only', () => {
  expect(identity.isAlive(process.pid, null)).toBe(true)
  expect(identity.isAlive(process.pid, identity.startedAt)).toBe(true)
  expect(identity.isAlive(0, null)).toBe(false)
  if (process.platform === 'linux') expect(identity.isAlive(process.pid, 1)).toBe(false)
})

describe('the start time of a process, where only a tool of the system reports it', () => {
  const at = Date.UTC(2026, 10, 3, 1, 4, 12) / 1000
  test.each<[NodeJS.Platform, string, string, number | null]>([
    ['darwin', 'ps', 'Tue Nov  3 01:04:12 2026\n', at],
    ['freebsd', 'ps', 'Tue Nov  3 01:04:12 2026    \n', at],
    ['darwin', 'ps', '', null],
    ['win32', 'powershell.exe', '2026-11-03T01:04:12Z\r\n', at],
    ['win32', 'powershell.exe', '\r\n', null]
  ])('%s: %s answers %j', (platform, program, answer, expected) => {
    const question = startQuestion(platform, 4711)!
    expect(question.program).toBe(program)
    expect(question.args.join(' ')).toContain('4711')
    expect(question.read(answer)).toBe(expected)
  })
  test.skipIf(process.platform === 'win32')('ps reports it for this process', () => {
    const began = askSystem(startQuestion('darwin', process.pid)!)
    expect(Math.abs((began ?? 0) - identity.startedAt)).toBeLessThan(4)
    expect(askSystem(startQuestion('darwin', 2 ** 22 + 1)!)).toBeNull()
  })
})

describe.skipIf(process.platform !== 'linux')('on Linux', () => {
  test('a process that ended is dead, though its parent never waited for it', async () => {
    // The shell becomes a program that does not know of the child it had.
    const parent = spawn('sh', ['-c', 'sleep 60 & echo $!; exec sleep 60'], {
      stdio: ['ignore', 'pipe', 'ignore']
    })
    onTestFinished(() => void parent.kill('SIGKILL'))
    const [said] = (await once(parent.stdout, 'data')) as [Buffer]
    const pid = Number(said.toString())
    expect(identity.isAlive(pid, null)).toBe(true)
    process.kill(pid)
    await waitFor('it is a zombie', () => /\) Z /.test(readFileSync(`/proc/${String(pid)}/stat`, 'utf8')))
    expect(identity.isAlive(pid, null)).toBe(false)
  })
})
