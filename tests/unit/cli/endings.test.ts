import { EventEmitter } from 'node:events'
import { mkdtemp, readdir, readFile, rm, writeFile, mkdir } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { errorDataOf, exitStatusOf } from '../../../src/main/cli/exit-status'
import { logFile } from '../../../src/main/platform/log-file'
import { Interrupted, stopSwitch } from '../../../src/main/cli/signals'
import { SheafError, type ErrorCode } from '../../../src/contract/errors'
import { nodeFiles } from '../../../src/main/platform/node-files'

describe('exit status', () => {
  it.each<[ErrorCode, number]>([
    ['BAD_OPTION', 2],
    ['BAD_SETTING', 2],
    ['NO_SUCH_JOB', 2],
    ['NOT_A_MANIFEST', 2],
    ['FILE_NOT_FOUND', 2],
    ['FOLDER_UNUSABLE', 1],
    ['DISK_FULL', 1],
    ['DISK_READ_ONLY', 1],
    ['LEDGER_TOO_NEW', 1],
    ['LEDGER_IN_USE', 4],
    ['LEDGER_DAMAGED', 5],
    ['NOT_PDF', 3],
    ['REMOVED', 3]
  ])('%s ends with %d', (code, status) => {
    expect(exitStatusOf(new SheafError(code))).toBe(status)
  })
  it.each(['DISK_FULL', 'DISK_ERROR', 'OFFLINE', 'SUSPENDED'] as const)(
    '%s at the end of a process promises nothing that only a running one can do',
    (code) => {
      expect(errorDataOf(new SheafError(code)).hint).not.toMatch(/goes on/)
      expect(errorDataOf(new SheafError(code)).hint).toMatch(/[Ss]tart again/)
      expect(errorDataOf(new SheafError(code, 'x', { hint: 'Its own.' })).hint).toBe('Its own.')
    }
  )
  it('an unexpected error ends with 1 and is reported without a stack', () => {
    expect(exitStatusOf(new TypeError('oops'))).toBe(1)
    expect(errorDataOf(new TypeError('oops'))).toEqual({
      code: 'INTERNAL',
      message: 'oops',
      hint: 'The log has more; please report it.'
    })
  })
})

describe('signals', () => {
  it('the first one asks to stop, the second one ends the process', () => {
    const process = new EventEmitter()
    const signals: string[] = []
    let ends = 0
    const stop = stopSwitch(
      process,
      (by) => signals.push(by),
      () => {
        ends += 1
      }
    )
    process.emit('SIGINT')
    expect(stop.signal.aborted).toBe(true)
    expect(stop.signal.reason).toBeInstanceOf(Interrupted)
    expect([signals, ends]).toEqual([['SIGINT'], 0])
    process.emit('SIGTERM')
    expect([signals, ends]).toEqual([['SIGINT'], 1])
    stop.release()
    expect(process.listenerCount('SIGINT')).toBe(0)
  })
  it('a command that does not stop within two seconds is ended', async () => {
    const process = new EventEmitter()
    const began = performance.now()
    await new Promise<void>((ended) => {
      const stop = stopSwitch(process, () => undefined, ended)
      stop.stop('SIGTERM')
      // The timer of `stopSwitch` does not keep the process alive; this one does.
      setTimeout(() => undefined, 8_000)
    })
    const took = performance.now() - began
    expect(took).toBeGreaterThan(1_500)
    expect(took).toBeLessThan(6_000)
  })
})

describe('the log file', () => {
  const line = (sentence: string) => ({ at: 0, level: 'info' as const, sentence, facts: { n: 1 } })
  it('keeps every line, rotates a file that is too large, and reports nothing when it cannot write', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'sheaf-log-'))
    try {
      const logs = join(folder, 'logs')
      await mkdir(logs)
      await writeFile(join(logs, 'sheaf.log'), 'x'.repeat(5_000_001))
      const log = logFile(nodeFiles, logs)
      for (let n = 0; n < 100; n += 1) log.take(line(`line ${n}`))
      await log.close()
      expect((await readdir(logs)).sort()).toEqual(['sheaf.log', 'sheaf.log.1'])
      const text = await readFile(join(logs, 'sheaf.log'), 'utf8')
      expect(text.split('\n')).toHaveLength(101)
      expect(text.split('\n')[0]).toBe('1970-01-01T00:00:00.000Z info line 0 {"n":1}')
      await writeFile(join(folder, 'file'), '')
      const nowhere = logFile(nodeFiles, join(folder, 'file', 'logs'))
      nowhere.take(line('lost'))
      await nowhere.close()
    } finally {
      await rm(folder, { recursive: true })
    }
  })
})
