/** Who is alive: a lock is taken over from the dead only. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { describe, expect, onTestFinished, test } from 'vitest'
import { makeLog } from '../../../src/main/platform/log'
import { nodeHost } from '../../../src/main/platform/node-host'
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

describe.skipIf(process.platform !== 'linux')('on Linux', () => {
  test('a process that ended is dead, though its parent never asks how', async () => {
    // The shell becomes a program that does not know of the child it had.
    const parent = spawn('sh', ['-c', 'sleep 0.2 & echo $!; exec sleep 60'], {
      stdio: ['ignore', 'pipe', 'ignore']
    })
    onTestFinished(() => void parent.kill('SIGKILL'))
    const [said] = (await once(parent.stdout, 'data')) as [Buffer]
    const pid = Number(said.toString())
    expect(identity.isAlive(pid, null)).toBe(true)
    await waitFor('it is a zombie', () => /\) Z /.test(readFileSync(`/proc/${String(pid)}/stat`, 'utf8')))
    expect(identity.isAlive(pid, null)).toBe(false)
  })
})
